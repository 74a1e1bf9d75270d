from django.apps import AppConfig


class ScenariosConfig(AppConfig):
    name = "postroom.scenarios"
    label = "scenarios"
