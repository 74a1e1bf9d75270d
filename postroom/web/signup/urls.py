from django.urls import URLPattern

from postroom.web.doors import guarded

app_name = "signup"
urlpatterns: list[URLPattern] = guarded([])
