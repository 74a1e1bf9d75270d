"""Addresses of the dashboard, leads and settings, in the desk's one namespace."""

from django.urls import URLPattern, path

from postroom.web.desk.house import dashboard, leads, locations, operator_page, staff

urlpatterns: list[URLPattern] = [
    path("", dashboard.dashboard, name="dashboard"),
    path("leads/", leads.leads, name="leads"),
    path("settings/", operator_page.operator, name="settings"),
    path("settings/locations/", locations.locations, name="settings_locations"),
    path("settings/locations/new/", locations.new, name="location_new"),
    path("settings/locations/<int:location_id>/", locations.edit, name="location_edit"),
    path("settings/locations/<int:location_id>/tax/", locations.tax, name="location_tax"),
    path("settings/staff/", staff.staff, name="settings_staff"),
    path("settings/staff/new/", staff.new, name="staff_new"),
    path("settings/staff/<int:staff_id>/", staff.role, name="staff_role"),
    path("settings/staff/<int:staff_id>/remove/", staff.remove, name="staff_remove"),
    path("settings/staff/<int:staff_id>/link/", staff.link, name="staff_link"),
]
