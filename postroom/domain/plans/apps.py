from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "postroom.domain.plans"
    label = "plans"
