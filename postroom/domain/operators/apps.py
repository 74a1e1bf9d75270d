from django.apps import AppConfig


class OperatorsConfig(AppConfig):
    name = "postroom.domain.operators"
    label = "operators"
