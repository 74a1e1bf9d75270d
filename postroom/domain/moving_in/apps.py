from django.apps import AppConfig


class MovingInConfig(AppConfig):
    name = "postroom.domain.moving_in"
    label = "moving_in"
