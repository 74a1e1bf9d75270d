"""Addresses of the dashboard, leads and settings, in the desk's one namespace."""

from django.urls import URLPattern, path

from postroom.web.desk.house import (
    dashboard,
    leads,
    locations,
    operator_page,
    public_page,
    staff,
    your_site,
)

urlpatterns: list[URLPattern] = [
    path("", dashboard.dashboard, name="dashboard"),
    path("leads/", leads.leads, name="leads"),
    path("leads/table/", leads.leads_to_take, name="leads_to_take"),
    path("leads/<int:lead_id>/", leads.handle, name="lead_handle"),
    path("settings/", operator_page.operator, name="settings"),
    path("settings/locations/", locations.locations, name="settings_locations"),
    path("settings/locations/new/", locations.new, name="location_new"),
    path("settings/locations/<int:location_id>/", locations.edit, name="location_edit"),
    path("settings/locations/<int:location_id>/tax/", locations.tax, name="location_tax"),
    path(
        "settings/locations/<int:location_id>/page/", public_page.public_page, name="location_page"
    ),
    path("settings/locations/<int:location_id>/photos/", public_page.photo_add, name="photo_add"),
    path("settings/photos/<int:photo_id>/", public_page.photo, name="photo"),
    path("settings/photos/<int:photo_id>/change/", public_page.photo_change, name="photo_change"),
    path("settings/your-site/", your_site.your_site, name="your_site"),
    path("settings/staff/", staff.staff, name="settings_staff"),
    path("settings/staff/new/", staff.new, name="staff_new"),
    path("settings/staff/<int:staff_id>/", staff.role, name="staff_role"),
    path("settings/staff/<int:staff_id>/remove/", staff.remove, name="staff_remove"),
    path("settings/staff/<int:staff_id>/link/", staff.link, name="staff_link"),
]
