"""Addresses of the pages on customers and mailboxes, in the desk's one namespace."""

from django.urls import URLPattern, path

from postroom.web.desk.customers import (
    assigning,
    customer_list,
    customer_page,
    mailbox_acts,
    mailbox_list,
    mailbox_page,
    telling,
)

urlpatterns: list[URLPattern] = [
    path("customers/", customer_list.customers, name="customers"),
    path("customers/new/", customer_page.new, name="customer_new"),
    path("customers/<int:customer_id>/", customer_page.customer, name="customer"),
    path("customers/<int:customer_id>/edit/", customer_page.edit, name="customer_edit"),
    path("customers/<int:customer_id>/assign/", assigning.assign_mailbox, name="assign"),
    path("customers/mailboxes/", mailbox_list.mailboxes, name="mailboxes"),
    path("customers/mailboxes/new/", mailbox_list.new_range, name="mailboxes_new"),
    path("customers/mailboxes/<int:mailbox_id>/", mailbox_page.mailbox, name="mailbox"),
    path(
        "customers/mailboxes/<int:mailbox_id>/set-aside/",
        mailbox_acts.set_one_aside,
        name="mailbox_set_aside",
    ),
    path(
        "customers/mailboxes/set-aside/",
        mailbox_acts.set_chosen_aside,
        name="mailboxes_set_aside",
    ),
    path("customers/mailboxes/release/", mailbox_acts.release_all, name="mailboxes_release"),
    path(
        "customers/locations/<int:location_id>/reserve/",
        mailbox_acts.reserve,
        name="mailboxes_reserve",
    ),
    path(
        "customers/subscriptions/<int:subscription_id>/told/",
        telling.told,
        name="clearance_new",
    ),
    path(
        "customers/clearances/<int:clearance_id>/void/",
        telling.void,
        name="clearance_void",
    ),
]
