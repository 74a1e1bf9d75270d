"""Addresses of the pages on the standing proof, in the desk's one namespace."""

from django.urls import URLPattern, path

from postroom.web.desk.proof import proof_page

urlpatterns: list[URLPattern] = [
    path("proof/", proof_page.proof, name="proof"),
    path("proof/<int:proof_id>/", proof_page.proof_of_a_night, name="proof_of_a_night"),
]
