from django.urls import URLPattern

from postroom.web.doors import guarded

app_name = "directory"
urlpatterns: list[URLPattern] = guarded([])
