"""Addresses behind the link in a notice."""

from django.urls import path

from postroom.web.doors import guarded
from postroom.web.portal import notice_leave, notice_page, notice_plans

app_name = "notice"
urlpatterns = guarded(
    [
        path("<str:token>/", notice_page.page, name="page"),
        path("<str:token>/logo/", notice_page.logo, name="logo"),
        path("<str:token>/color.css", notice_page.color, name="color"),
        path("<str:token>/ask/", notice_page.ask_it, name="ask"),
        path("<str:token>/<int:notice_id>/accept/", notice_page.accept_it, name="accept"),
        path("<str:token>/<int:notice_id>/stay/", notice_page.stay_after_all, name="stay"),
        path("<str:token>/<int:notice_id>/plans/", notice_plans.plans, name="plans"),
        path("<str:token>/<int:notice_id>/leave/", notice_leave.leaving, name="leave"),
    ]
)
