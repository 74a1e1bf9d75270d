from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "postroom.ui"
    label = "ui"
