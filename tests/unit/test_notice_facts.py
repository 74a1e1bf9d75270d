"""A notice's numbers are kept whole."""

from datetime import date

from postroom.demo.cast import BRONZE
from postroom.domain.notices.facts import Facts, LastMonth, Used, pack, unpack
from postroom.domain.plans.services import Service

MONTH = LastMonth(date(2026, 5, 1), date(2026, 6, 1), (Used(Service.FORWARD, 2, 1000, 1200),))
FACTS = Facts(
    mailbox="101",
    location="Brooklyn",
    plan="Bronze",
    new_plan="Bronze",
    months=1,
    old=BRONZE,
    new=BRONZE,
    first_day=date(2026, 7, 1),
    worse=True,
    last_month=MONTH,
)


def test_what_is_packed_comes_back() -> None:
    assert unpack(pack(FACTS)) == FACTS


def test_a_message_has_neither_day_nor_month() -> None:
    message = Facts(**{**vars(FACTS), "first_day": None, "last_month": None})
    assert unpack(pack(message)) == message


def test_a_month_sums_its_services() -> None:
    assert (MONTH.before_minor, MONTH.after_minor) == (1000, 1200)
