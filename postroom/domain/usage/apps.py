from django.apps import AppConfig


class UsageConfig(AppConfig):
    name = "postroom.domain.usage"
    label = "usage"
