"""Addresses of these pages, in the desk's one namespace."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
