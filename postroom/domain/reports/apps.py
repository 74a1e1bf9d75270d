from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "postroom.domain.reports"
    label = "reports"
