"""``demo``: loads the demo's world, or prints who may sign in to it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from postroom.base.statistics import count_again
from postroom.demo.world import NotADemo, accounts, load


class Command(BaseCommand):
    help = "Loads the demo's operators, plans and customers, unless they are there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--accounts", action="store_true", help="print addresses and accounts, only"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["accounts"]:
            try:
                made = load(now=timezone.now(), say=self._say)
            except NotADemo as refusal:
                raise CommandError(str(refusal)) from refusal
            if made:
                count_again()
            self._say("The demo is loaded." if made else "The demo is there already.")
        self.stdout.write(accounts())

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
