from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "postroom.domain.notices"
    label = "notices"
