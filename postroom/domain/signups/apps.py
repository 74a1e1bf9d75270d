from django.apps import AppConfig


class SignupsConfig(AppConfig):
    name = "postroom.domain.signups"
    label = "signups"
