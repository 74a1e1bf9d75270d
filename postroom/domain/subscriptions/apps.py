from django.apps import AppConfig


class SubscriptionsConfig(AppConfig):
    name = "postroom.domain.subscriptions"
    label = "subscriptions"
