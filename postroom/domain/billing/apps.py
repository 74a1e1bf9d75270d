from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "postroom.domain.billing"
    label = "billing"
