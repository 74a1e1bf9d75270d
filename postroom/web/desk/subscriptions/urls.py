"""Addresses of the acts on what a customer rents, in the desk's one namespace."""

from django.urls import URLPattern, path

from postroom.web.desk.subscriptions import (
    charging,
    closing,
    linking,
    numbering,
    protecting,
    switching,
)

SUBSCRIPTION = "customers/subscriptions/<int:subscription_id>"

urlpatterns: list[URLPattern] = [
    path(f"{SUBSCRIPTION}/switch/", switching.switch_plan, name="switch"),
    path(
        "customers/switches/<int:switch_id>/take-back/",
        switching.take_switch_back,
        name="switch_take_back",
    ),
    path(f"{SUBSCRIPTION}/number/", numbering.number, name="number"),
    path(f"{SUBSCRIPTION}/close/", closing.close_subscription, name="close"),
    path(f"{SUBSCRIPTION}/stay/", closing.stay, name="stay"),
    path(f"{SUBSCRIPTION}/send-link/", linking.send_link, name="send_link"),
    path(f"{SUBSCRIPTION}/protect/", protecting.protect, name="protect"),
    path(f"{SUBSCRIPTION}/protect/end/", protecting.end, name="protect_end"),
    path(f"{SUBSCRIPTION}/charge/", charging.charge, name="charge"),
    path(
        "customers/charges/<int:charge_id>/take-back/",
        charging.take_charge_back,
        name="charge_take_back",
    ),
]
