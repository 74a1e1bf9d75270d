from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "postroom.demo"
    label = "demo"
