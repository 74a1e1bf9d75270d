from django.urls import URLPattern

from postroom.web.doors import guarded

app_name = "portal"
urlpatterns: list[URLPattern] = guarded([])
