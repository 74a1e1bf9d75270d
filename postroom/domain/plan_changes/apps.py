from django.apps import AppConfig


class PlanChangesConfig(AppConfig):
    name = "postroom.domain.plan_changes"
    label = "plan_changes"
