"""Addresses of a plan's changes, in the desk's one namespace."""

from django.urls import URLPattern, path

from postroom.web.desk.changes import change_page, leaving, stopping

CHANGE = "customers/plans/changes/<int:change_id>"

urlpatterns: list[URLPattern] = [
    path(f"{CHANGE}/", change_page.change, name="change"),
    path(f"{CHANGE}/customers/", change_page.customers, name="change_customers"),
    path(f"{CHANGE}/leave/<slug:outcome>/", leaving.leave, name="change_leave"),
    path(f"{CHANGE}/withdraw/", stopping.withdraw_it, name="change_withdraw"),
    path(f"{CHANGE}/edit/", stopping.edit, name="change_edit"),
    path(f"{CHANGE}/reverse/", stopping.reverse_it, name="change_reverse"),
]
