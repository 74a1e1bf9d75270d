"""``town``: moves in a large population, to see what the product does with it."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from postroom.base.refusals import Refused
from postroom.demo.town import PASSWORD, SLUG, build
from postroom.demo.world import NotADemo


class Command(BaseCommand):
    help = "Moves in so many customers who use three services each; `bill` then has work."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--customers", type=int, required=True, metavar="N")
        parser.add_argument(
            "--operator", metavar="SLUG", default=SLUG, help="whose; a town of its own if not said"
        )
        parser.add_argument(
            "--months", type=int, default=1, metavar="M", help="over how many months they came (1)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEMO or settings.DEBUG):
            raise CommandError(str(NotADemo()))
        try:
            town = build(
                customers=options["customers"],
                slug=options["operator"],
                months=options["months"],
                at=timezone.now(),
                say=self._say,
            )
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self._say(
            f"{town.operator}: {town.customers:,} customers and {town.entries:,} entries of usage"
            f" came in {town.seconds:.1f} s."
        )
        if town.operator.slug == SLUG:
            self._say(f"  owner@{SLUG}.example  {PASSWORD}")
        self._say(f"Bill them: manage.py bill --operator {town.operator.slug}")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
