"""Addresses of the pages on signups, in the desk's one namespace."""

from django.urls import URLPattern, path

from postroom.web.desk.signups import signup_list, signup_page

urlpatterns: list[URLPattern] = [
    path("customers/signups/", signup_list.signups, name="signups"),
    path("customers/signups/<int:signup_id>/", signup_page.signup, name="signup"),
    path(
        "customers/signups/<int:signup_id>/approve/",
        signup_page.approve_signup,
        name="signup_approve",
    ),
    path("customers/signups/<int:signup_id>/ask/", signup_page.ask_more, name="signup_ask"),
    path("customers/signups/<int:signup_id>/refuse/", signup_page.turn_away, name="signup_refuse"),
]
