from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "postroom.domain.customers"
    label = "customers"
