"""The desk's pages on usage: bars, prices, entries, entering and correcting."""

import re
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postroom.demo.cast import House
from postroom.domain.customers.models import Mailbox, MailboxState
from postroom.domain.operators.models import Role
from postroom.domain.plans.services import Service
from postroom.domain.subscriptions.actions import assign
from postroom.domain.subscriptions.models import Subscription
from postroom.domain.usage.allowances import month_of
from postroom.domain.usage.intake import take_in
from postroom.domain.usage.judging import Given
from postroom.domain.usage.models import UsageEntry
from postroom.domain.usage.queries import positions, used
from tests.conftest import AT
from tests.web.desk_pages import Desk, page

LATER = datetime(2030, 1, 1, tzinfo=UTC)
JUNE = date(2026, 6, 2)


def ana(house: House) -> Subscription:
    return house.subscriptions["ana"]


def count(house: House, service: str, quantity: int, on: date = JUNE, times: int = 1) -> None:
    entries = [Given(uuid4().hex, ana(house).pk, service, quantity, on) for _ in range(times)]
    take_in(house.operator, entries, by=None, at=LATER)


def shown(house: House, role: Role = Role.OWNER, **query: Any) -> str:
    return seen(Desk(house, role), **query)


def seen(desk: Desk, **query: Any) -> str:
    """Will return what the page says, without its tags."""
    text = desk.text("usage", ana(desk.house).pk, **{"month": "2026-06-01"} | query)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def enter(desk: Desk, **changes: Any) -> Any:
    typed = {"service": "forward", "quantity": "2", "on": "2026-06-02", "form_key": uuid4()}
    return desk.post("usage", ana(desk.house).pk, **typed | changes)


def test_used_of_allowance_with_prices(in_harbor: House) -> None:
    count(in_harbor, "open_and_scan", 3)
    count(in_harbor, "scanned_pages", 5)
    count(in_harbor, "forward", 2)
    text = shown(in_harbor)
    assert "Open &amp; scan 3 of 5" in text
    assert "2 left. Then $1.00 each." in text
    assert "0 left. The next one costs $0.50." in text
    assert "Over 2 $10.00 2 over. The next one costs $5.00." in text
    assert "Extras of this month so far $10.00" in text
    assert "Recycle 0 Unlimited." in text


def test_a_service_that_is_not_offered_is_flagged_when_used(in_harbor: House) -> None:
    assert "bears no fee" not in shown(in_harbor)
    count(in_harbor, "check_deposit", 1)
    assert "Not offered by their plan: it bears no fee." in shown(in_harbor)


def test_bars_have_widths_and_words(in_harbor: House) -> None:
    count(in_harbor, "open_and_scan", 20)
    text = Desk(in_harbor).text("usage", ana(in_harbor).pk, month="2026-06-01")
    assert 'aria-label="Used 20 of 5"' in text
    assert 'width="25.0%"' in text
    assert "style=" not in text.partition('id="rows"')[2]


def test_a_clerk_sees_counts_and_no_money(in_harbor: House) -> None:
    count(in_harbor, "forward", 2)
    text = shown(in_harbor, Role.CLERK)
    assert "Over 2 2 over." in text
    assert "$" not in text
    assert "Bronze" not in text


@pytest.mark.parametrize(
    ("role", "may"), [(Role.CLERK, False), (Role.VIEWER, False), (Role.MANAGER, True)]
)
def test_who_may_enter_and_correct(in_harbor: House, role: Role, may: bool) -> None:
    count(in_harbor, "forward", 2)
    desk, entry = Desk(in_harbor, role), UsageEntry.objects.get()
    assert ("Enter by hand" in shown(in_harbor, role)) == may
    assert (
        desk.url("usage_correct", entry.pk)
        in desk.text("usage", ana(in_harbor).pk, month="2026-06-01")
    ) == may
    assert enter(desk).status_code == (302 if may else 403)
    answer = desk.post("usage_correct", entry.pk, counts=1, reason="Slip", form_key=uuid4())
    assert answer.status_code == (302 if may else 403)


def test_months_are_switched(in_harbor: House) -> None:
    count(in_harbor, "forward", 2, on=date(2026, 5, 31))
    assert "2 over" not in shown(in_harbor)
    may = shown(in_harbor, month="2026-05-01")
    assert "May 1, 2026 to May 31, 2026 Month before Month after" in may
    assert "2 over" in may


@pytest.mark.parametrize("asked", ["", "1999-01-01", "2026-05-02", "x", "2026-05-01' --", "\0"])
def test_an_odd_month_is_the_latest(in_harbor: House, asked: str) -> None:
    text = Desk(in_harbor).text("usage", ana(in_harbor).pk, month=asked)
    assert "Month before" in text
    assert "Month after" not in text


def test_without_entries_the_page_says_so(in_harbor: House) -> None:
    text = shown(in_harbor)
    assert "Nothing counted" in text
    assert "Extras of this month so far $0.00" in text


def test_entries_come_in_pages_and_by_service(in_harbor: House) -> None:
    count(in_harbor, "forward", 1, times=30)
    count(in_harbor, "shred", 7)
    assert "1–25 of 31" in shown(in_harbor)
    assert "26–31 of 31" in shown(in_harbor, page=2)
    assert "1–1 of 1" in shown(in_harbor, service="shred")
    assert "1–25 of 31" in shown(in_harbor, service="ironing", sort="service")


def test_a_page_takes_the_same_queries_however_many_entries(in_harbor: House) -> None:
    desk, taken = Desk(in_harbor), []
    for times in (1, 20):
        count(in_harbor, "forward", 2, times=times)
        for entry in UsageEntry.objects.filter(corrects__isnull=True):
            desk.post("usage_correct", entry.pk, counts=1, reason="Slip", form_key=uuid4())
        seen(desk)
        with CaptureQueriesContext(connection) as queries:
            assert "-1 by Harbor Mail Owner" in seen(desk)
        taken.append(len(queries))
    assert taken[0] == taken[1]


def test_something_is_entered_once(in_harbor: House) -> None:
    desk, key = Desk(in_harbor), uuid4()
    answers = [enter(desk, form_key=key) for _ in range(2)]
    assert [it.status_code for it in answers] == [302, 302]
    assert answers[0]["Location"] == desk.url("usage", ana(in_harbor).pk) + "?month=2026-06-01"
    assert used(ana(in_harbor), month_of(JUNE, 1)) == {Service.FORWARD: 2}
    text = seen(desk)
    assert "Counted 2 for Forward on Jun 2, 2026." in text
    assert "by Harbor Mail Owner" in text
    assert "counted 2 for Forward on Jun 2, 2026." in desk.text(
        "customer", in_harbor.customers["ana"].pk
    )


def test_the_running_month_is_one_of_the_choices(in_harbor: House) -> None:
    page = Desk(in_harbor).get("usage", ana(in_harbor).pk, month="2026-06-01")
    text = page.content.decode()
    assert "Select a valid choice" not in text
    ids = re.findall(r' id="([^"]+)"', text)
    assert sorted(ids) == sorted(set(ids)), "each name is of one field"


def test_a_form_sent_again_with_something_else_asks(in_harbor: House) -> None:
    desk, key = Desk(in_harbor), uuid4()
    enter(desk, form_key=key)
    answer = enter(desk, form_key=key, quantity="3")
    assert "This form was sent before" in page(answer, 422)
    new_key = answer.context["form"]["form_key"].value()
    assert new_key != str(key)
    assert enter(desk, form_key=new_key, quantity="3").status_code == 302
    assert used(ana(in_harbor), month_of(JUNE, 1)) == {Service.FORWARD: 5}


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"quantity": "0"}, "quantity"),
        ({"quantity": "-2"}, "quantity"),
        ({"quantity": "1000001"}, "quantity"),
        ({"quantity": "two"}, "quantity"),
        ({"quantity": ""}, "quantity"),
        ({"service": ""}, "service"),
        ({"service": "storage"}, "service"),
        ({"on": "2999-01-01"}, "on"),
        ({"on": "2025-12-31"}, "on"),
        ({"on": "yesterday"}, "on"),
    ],
)
def test_bad_input_stays_in_the_form(in_harbor: House, typed: dict[str, str], field: str) -> None:
    answer = enter(Desk(in_harbor), **typed)
    text = page(answer, 422)
    assert field in answer.context["form"].errors
    for value in {"quantity": "2", "on": "2026-06-02"} | typed:
        assert answer.context["form"].data[value] in text
    assert not UsageEntry.objects.exists()


def test_a_broken_key_is_replaced(in_harbor: House) -> None:
    assert enter(Desk(in_harbor), form_key="no key").status_code == 302


def test_what_has_not_begun_cannot_be_used(in_harbor: House) -> None:
    begun = assign(
        in_harbor.customers["ana"],
        mailbox=Mailbox.objects.filter(state=MailboxState.AVAILABLE).earliest("id"),
        plan=in_harbor.bronze,
        months=1,
        starts_on=date(2099, 1, 15),
        by=in_harbor.owner,
        at=AT,
    )
    text = Desk(in_harbor).text("usage", begun.pk)
    assert "Begins on Jan 15, 2099." in text
    assert "Enter by hand" not in text


def test_an_entry_is_corrected(in_harbor: House) -> None:
    count(in_harbor, "forward", 12)
    desk, entry = Desk(in_harbor), UsageEntry.objects.get()
    assert "It counts <strong>12</strong> now." in desk.text("usage_correct", entry.pk)
    answer = desk.post("usage_correct", entry.pk, counts=2, reason="Slip", form_key=uuid4())
    assert answer["Location"].endswith("?month=2026-06-01")
    text = seen(desk)
    assert "Corrected. The entry counts 2 now." in text
    assert "was 12 2" in text
    assert "-10 by Harbor Mail Owner" in text
    assert [it.used for it in positions(ana(in_harbor), on=JUNE) if it.service == "forward"] == [2]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"counts": "2"}, "counts"),
        ({"counts": "-1"}, "counts"),
        ({"counts": ""}, "counts"),
        ({"reason": ""}, "reason"),
        ({"reason": "a" * 301}, "reason"),
    ],
)
def test_a_bad_correction_stays_in_the_form(
    in_harbor: House, typed: dict[str, str], field: str
) -> None:
    count(in_harbor, "forward", 2)
    entry = UsageEntry.objects.get()
    sent = {"counts": "1", "reason": "Slip", "form_key": uuid4()} | typed
    answer = Desk(in_harbor).post("usage_correct", entry.pk, **sent)
    page(answer, 422)
    assert field in answer.context["form"].errors
    assert UsageEntry.objects.count() == 1


def test_a_correction_has_no_page_of_its_own(in_harbor: House) -> None:
    count(in_harbor, "forward", 2)
    desk, entry = Desk(in_harbor), UsageEntry.objects.get()
    desk.post("usage_correct", entry.pk, counts=1, reason="Slip", form_key=uuid4())
    correction = UsageEntry.objects.get(corrects=entry)
    assert desk.get("usage_correct", correction.pk).status_code == 404


def test_a_correction_sent_again_with_something_else_asks(in_harbor: House) -> None:
    count(in_harbor, "forward", 9)
    desk, entry, key = Desk(in_harbor), UsageEntry.objects.get(), uuid4()
    desk.post("usage_correct", entry.pk, counts=1, reason="Slip", form_key=key)
    answer = desk.post("usage_correct", entry.pk, counts=2, reason="Slip", form_key=key)
    assert "send this one again" in page(answer, 422)
    key = answer.context["form"]["form_key"].value()
    again = desk.post("usage_correct", entry.pk, counts=2, reason="Slip", form_key=key)
    assert again.status_code == 302
    assert used(ana(in_harbor), month_of(JUNE, 1)) == {Service.FORWARD: 2}
