"""Addresses behind a customer's signed link."""

from django.urls import path

from postroom.web.doors import guarded
from postroom.web.portal.my_plan import my_plan
from postroom.web.portal.my_switch import stay, switch_plan, take_back

app_name = "portal"
urlpatterns = guarded(
    [
        path("<str:token>/", my_plan, name="my_plan"),
        path("<str:token>/switch/", switch_plan, name="switch"),
        path("<str:token>/take-back/", take_back, name="take_back"),
        path("<str:token>/stay/", stay, name="stay"),
    ]
)
