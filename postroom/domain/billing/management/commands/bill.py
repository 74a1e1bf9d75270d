"""``manage.py bill``: writes the bills that are due."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from postroom.base.refusals import Refused
from postroom.base.tenancy import as_operator, as_worker
from postroom.domain.billing.dry_run import do_dry_run, plan_dry_run
from postroom.domain.billing.models import BillingRun
from postroom.domain.billing.running import bill_operator
from postroom.domain.operators.models import Operator
from postroom.domain.operators.queries import all_operators
from postroom.domain.subscriptions.terms import PAGE


class Command(BaseCommand):
    help = "Bills what is due by a day, for every operator or for one. May be started anywhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, help="up to this day, not after today")
        parser.add_argument("--operator", metavar="SLUG", help="only this operator")
        parser.add_argument("--page", type=int, default=PAGE, help="subscriptions a transaction")
        parser.add_argument("--dry-run", action="store_true", help="only say what it would bill")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["page"] < 1:
            raise CommandError("A page has at least one subscription.")
        for operator in self._operators(options["operator"]):
            try:
                runs = self._bill(operator, options)
            except Refused as refusal:
                raise CommandError(str(refusal)) from refusal
            for run in runs:
                self.stdout.write(in_words(operator, run))

    def _operators(self, slug: str | None) -> list[Operator]:
        with as_worker():
            operators = [it for it in all_operators() if slug in {None, it.slug}]
        if slug and not operators:
            raise CommandError(f"There is no operator “{slug}”.")
        return operators

    def _bill(self, operator: Operator, options: dict[str, Any]) -> list[BillingRun]:
        at = timezone.now()
        if not options["dry_run"]:
            return bill_operator(
                operator, at=at, on=options["on"], page=options["page"], clock=timezone.now
            )
        with as_operator(operator.pk):
            run = plan_dry_run(operator, on=options["on"], by=None, at=at)
        return [do_dry_run(operator, run, at=at, page=options["page"])]


def in_words(operator: Operator, run: BillingRun) -> str:
    """Will say in a line what a run did."""
    return (
        f"{operator.slug}, {'dry run' if run.dry else 'billed'} by {run.on}: {run.billed} billed,"
        f" {run.invoices} invoices, {run.credit_notes} credit notes,"
        f" {operator.show(run.total_minor)}, {run.set_aside} set aside ({run.state})"
    )
