"""``manage.py prove``: checks that what is stored is right."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from postroom.base.tenancy import as_operator, as_worker
from postroom.domain.operators.models import Operator
from postroom.domain.operators.queries import all_operators
from postroom.domain.proof.acts import PAGE, prove
from postroom.domain.proof.models import Proof
from postroom.domain.proof.queries import differences_of


class Command(BaseCommand):
    help = "Rates every invoice again and checks the books. Ends with 1 if anything differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--operator", metavar="SLUG", help="only this operator")
        parser.add_argument("--page", type=int, default=PAGE, help="rows at a time")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["page"] < 1:
            raise CommandError("A page has at least one row.")
        differ = False
        for operator in self._operators(options["operator"]):
            proof = prove(operator, at=timezone.now(), clock=timezone.now, page=options["page"])
            self._tell(operator, proof)
            differ = differ or proof.differences > 0
        if differ:
            sys.exit(1)

    def _operators(self, slug: str | None) -> list[Operator]:
        with as_worker():
            operators = [it for it in all_operators() if slug in {None, it.slug}]
        if slug and not operators:
            raise CommandError(f"There is no operator “{slug}”.")
        return operators

    def _tell(self, operator: Operator, proof: Proof) -> None:
        self.stdout.write(in_words(operator, proof))
        with as_operator(operator.pk):
            for it in differences_of(proof):
                pair = f" Stored: {it.stored}. Right: {it.right}." if it.stored else ""
                self.stdout.write(f"  {it.get_kind_display()}: {it.sentence}{pair}")


def in_words(operator: Operator, proof: Proof) -> str:
    """Will say in a line what a proof came to."""
    return (
        f"{operator.slug}, proof of {proof.on}: {proof.invoices:,} invoices, {proof.lines:,} lines,"
        f" {proof.terms:,} terms, {proof.documents:,} documents in the books,"
        f" {proof.differences:,} differences"
    )
