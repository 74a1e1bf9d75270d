from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "postroom.web.desk"
    label = "desk"
