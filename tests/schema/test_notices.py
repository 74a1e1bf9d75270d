"""Each constraint of the rules on notice, broken by name, and who may touch them."""

import pytest
from django.db import ProgrammingError, transaction

from postroom.base.tenancy import as_operator, as_platform, as_public_reader
from postroom.demo.cast import House
from tests.tables import again, ask, breaking


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("notice_rule_names_a_jurisdiction", {"jurisdiction": "'California'"}),
        ("notice_rule_leaves_a_day", {"least_days": "31", "most_days": "30"}),
        (
            "notice_rule_days_are_in_order",
            {"in_force_from": "'2026-02-02'", "in_force_until": "'2026-02-01'"},
        ),
        (
            "working_days_are_those_of_a_country",
            {"jurisdiction": "'*'", "working_days": "true"},
        ),
        ("notice_rule_has_a_source", {"source": "''"}),
    ],
)
def test_rules(db: None, constraint: str, changes: dict[str, str]) -> None:
    with as_platform(), breaking(constraint):
        again("notices_noticerule", **changes)


def test_everybody_reads_the_rules_and_only_the_platform_writes(harbor: House) -> None:
    with as_operator(harbor.operator.pk):
        assert ask("SELECT true FROM notices_noticerule LIMIT 1") == [(True,)]
        ask("UPDATE notices_noticerule SET least_days = 0")
        assert ask("SELECT max(least_days) > 0 FROM notices_noticerule") == [(True,)]
        with pytest.raises(ProgrammingError), transaction.atomic():
            again("notices_noticerule")
    with as_public_reader(), pytest.raises(ProgrammingError), transaction.atomic():
        ask("SELECT true FROM notices_noticerule")
    with as_platform():
        again("notices_noticerule")
