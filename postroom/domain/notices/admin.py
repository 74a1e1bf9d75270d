"""The rules on notice, for the platform's staff."""

from typing import Any

from django.contrib import admin
from django.db.models import F
from django.http import HttpRequest

from postroom.domain.notices.models import NoticeRule
from postroom.domain.users.admin import PlatformAdmin, site


@admin.register(NoticeRule, site=site)
class NoticeRuleAdmin(PlatformAdmin):
    """A rule that changes is given a last day, and a new one begins the day after."""

    adds = True
    changes = True
    list_display = [
        "jurisdiction",
        "what",
        "applies_to",
        "least_days",
        "most_days",
        "reminder",
        "in_force_from",
        "in_force_until",
    ]
    list_filter = ["reminder", "jurisdiction"]
    search_fields = ["jurisdiction", "what", "applies_to", "source"]
    readonly_fields = ["revision"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Will save a rule, and count the change of one that was there."""
        if not change:
            obj.save()
        elif form.changed_data:
            obj.revision = F("revision") + 1
            obj.save(update_fields=[*form.changed_data, "revision"])
