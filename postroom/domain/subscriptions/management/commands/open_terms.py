"""``open_terms``: opens every term whose day has come, as the timetable does."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from postroom.domain.subscriptions.terms import open_due_terms


class Command(BaseCommand):
    help = "Opens every term whose day has come, under the newest version each customer may have."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--at", help="an instant, such as 2026-12-01T09:00:00+00:00, instead of now"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        opened = open_due_terms(at=self._instant(options["at"]))
        self.stdout.write(f"Opened {opened} term{'' if opened == 1 else 's'}.")

    def _instant(self, typed: str | None) -> datetime:
        if not typed:
            return timezone.now()
        try:
            at = datetime.fromisoformat(typed)
        except ValueError as error:
            raise CommandError(f"“{typed}” is not an instant.") from error
        if at.tzinfo is None:
            raise CommandError("Say the time zone as well, such as +00:00.")
        return at
