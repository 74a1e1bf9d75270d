"""``import_plans``: makes and changes service plans from a CSV or XLSX file."""

import json
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from postroom.base.periods import local_day
from postroom.base.sheets import Sheet, Unreadable
from postroom.base.tenancy import as_operator, as_platform
from postroom.domain.operators.models import Operator, Staff
from postroom.domain.operators.permissions import Role
from postroom.domain.plan_changes.importing.apply import apply_sheet
from postroom.domain.plan_changes.importing.columns import HELP, template
from postroom.domain.plan_changes.importing.judging import Outcome, Result, judge, notes_of
from postroom.domain.plan_changes.importing.reading import read
from postroom.domain.users.models import User

UNREADABLE = 2


class Command(BaseCommand):
    help = "Makes and changes service plans from a CSV or XLSX file; “-” writes the template."

    def create_parser(self, *args: Any, **options: Any) -> Any:
        parser = super().create_parser(*args, **options)
        parser.epilog, parser.formatter_class = HELP, RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="a CSV or XLSX file; “-” writes the template and ends")
        parser.add_argument("--operator", required=True, metavar="SLUG", help="whose plans")
        parser.add_argument("--by", metavar="EMAIL", help="who did it; without it, an owner")
        parser.add_argument("--provider", help="only the rows of this provider")
        parser.add_argument("--dry-run", action="store_true", help="say what it would do, only")
        parser.add_argument("--json", action="store_true", help="write the results as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        operator = _operator(options["operator"])
        if options["file"] == "-":
            self.stdout.write(template(operator.currency, operator.locale), ending="")
            return
        sheet = _sheet(Path(options["file"]), operator)
        at = timezone.now()
        on, provider = local_day(at, operator.time_zone), options["provider"]
        with as_operator(operator.pk):
            if options["dry_run"]:
                judged = judge(operator, sheet, on=on, provider=provider)
                results = [it.result for it in judged]
            else:
                results = apply_sheet(
                    operator,
                    sheet,
                    file_name=Path(options["file"]).name,
                    by=_person(options["by"]),
                    at=at,
                    on=on,
                    provider=provider,
                )
        if provider and not results:
            raise CommandError(f"No row is of “{provider}”.", returncode=UNREADABLE)
        self._write(sheet, results, options)
        if any(it.outcome is Outcome.ERROR for it in results):
            sys.exit(1)

    def _write(self, sheet: Sheet, results: list[Result], options: dict[str, Any]) -> None:
        if options["json"]:
            report = {
                "dry_run": options["dry_run"],
                "notes": notes_of(sheet),
                "rows": [it.pack() for it in results],
            }
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
            return
        for note in notes_of(sheet):
            self.stdout.write(note)
        for it in results:
            self.stdout.write(f"{it.row:>5}  {it.outcome.value:<17}  {it.name}")
            problems = [f"{problem.column}: {problem.sentence}" for problem in it.problems]
            for line in (*problems, *it.changes, *it.notes):
                self.stdout.write(f"       {line}")
        counts = [
            f"{count} {outcome.value}"
            for outcome in Outcome
            if (count := sum(it.outcome is outcome for it in results))
        ]
        done = "Would be" if options["dry_run"] else "Done"
        self.stdout.write(f"{done}: {', '.join(counts) or 'no rows'}.")


def _operator(slug: str) -> Operator:
    with as_platform():
        operator = Operator.objects.filter(slug=slug).first()
    if operator is None:
        raise CommandError(f"There is no operator “{slug}”.", returncode=UNREADABLE)
    return operator


def _sheet(file: Path, operator: Operator) -> Sheet:
    try:
        return read(file.read_bytes(), locale=operator.locale)
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}.", returncode=UNREADABLE) from error
    except Unreadable as refusal:
        raise CommandError(f"{file}: {refusal}", returncode=UNREADABLE) from refusal


def _person(email: str | None) -> User:
    """Will return who is recorded: the member of staff named, or else the first owner."""
    staff = Staff.objects.select_related("user")
    staff = staff.filter(user__email=email.lower()) if email else staff.filter(role=Role.OWNER)
    found = staff.first()
    if found is None:
        raise CommandError(
            f"{email} does not work for this operator."
            if email
            else "This operator has no owner yet. Say who does this with --by EMAIL.",
            returncode=UNREADABLE,
        )
    person: User = found.user
    return person
