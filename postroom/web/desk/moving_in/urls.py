"""Addresses of moving in, in the desk's one namespace."""

from django.urls import URLPattern, path

from postroom.web.desk.moving_in import bringing, taking_along

HERE = "customers/moving-in"

urlpatterns: list[URLPattern] = [
    path(f"{HERE}/", bringing.moving_in, name="moving_in"),
    path(f"{HERE}/example/", bringing.moving_in_example, name="moving_in_example"),
    path(f"{HERE}/everything/", taking_along.export_everything, name="export_everything"),
    path(f"{HERE}/<int:moving_id>/", bringing.moving_in_file, name="moving_in_file"),
    path(f"{HERE}/<int:moving_id>/csv/", bringing.moving_in_csv, name="moving_in_csv"),
    path(f"{HERE}/<int:moving_id>/plans/", bringing.moving_in_plans, name="moving_in_plans"),
]
