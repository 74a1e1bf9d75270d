"""Entering and correcting usage by hand: once for a form, with an event, within what can be."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from postroom.base.refusals import Refused
from postroom.base.text import ControlCharacters
from postroom.demo.cast import House
from postroom.domain.events.models import Event
from postroom.domain.events.sentences import sentence
from postroom.domain.plans.services import Service
from postroom.domain.usage.actions import (
    CorrectionOfCorrection,
    CountOutOfRange,
    NothingToCorrect,
    ReasonMissing,
    correct,
    counts_now,
    enter,
)
from postroom.domain.usage.intake import KeyUsedBefore
from postroom.domain.usage.judging import InTheFuture, NotACount
from postroom.domain.usage.models import UsageEntry
from tests.conftest import AT

DAY = date(2026, 6, 2)
FORM = UUID(int=7)


@pytest.fixture
def entering(in_harbor: House) -> Callable[..., UsageEntry]:
    """Enters something for Ana, two forwards unless told otherwise."""

    def act(who: str = "ana", **changes: Any) -> UsageEntry:
        facts = {"service": Service.FORWARD, "quantity": 2, "on": DAY, "form": FORM}
        subscription = in_harbor.subscriptions[who]
        return enter(subscription, **facts | changes, by=in_harbor.owner, at=AT)

    return act


def corrected(house: House, entry: UsageEntry, counts: int, **changes: Any) -> UsageEntry:
    facts = {"reason": "Typed twice", "form": uuid4(), "by": house.owner, "at": AT}
    return correct(entry, counts=counts, **facts | changes)


def acts() -> list[str]:
    return list(Event.objects.filter(act__startswith="usage.").values_list("act", flat=True))


def test_it_is_counted_once_for_its_form(
    in_harbor: House, entering: Callable[..., UsageEntry]
) -> None:
    entry = entering()
    assert entering() == entry
    assert (entry.quantity, entry.on, entry.recorded_by) == (2, DAY, in_harbor.owner)
    assert acts() == ["usage.entered"]


def test_a_form_sent_with_something_else_is_refused(entering: Callable[..., UsageEntry]) -> None:
    entering()
    for changes in ({"quantity": 3}, {"who": "bo"}, {"service": Service.SHRED}):
        with pytest.raises(KeyUsedBefore):
            entering(**changes)


@pytest.mark.parametrize(
    ("changes", "refusal", "field"),
    [
        ({"quantity": 0}, NotACount, "quantity"),
        ({"on": date(2026, 6, 16)}, InTheFuture, "on"),
    ],
)
def test_what_cannot_be_counted_is_refused_at_its_field(
    entering: Callable[..., UsageEntry], changes: Any, refusal: type[Refused], field: str
) -> None:
    with pytest.raises(refusal) as refused:
        entering(**changes)
    assert refused.value.field == field
    assert acts() == []


def test_a_correction_is_an_entry_on_the_same_day(
    in_harbor: House, entering: Callable[..., UsageEntry]
) -> None:
    entry = entering(quantity=5)
    assert [corrected(in_harbor, entry, counts).quantity for counts in (0, 7, 6)] == [-5, 7, -1]
    assert counts_now(entry) == 6
    assert set(UsageEntry.objects.values_list("on", "service")) == {(DAY, "forward")}


def test_a_correction_counts_once_for_its_form(
    in_harbor: House, entering: Callable[..., UsageEntry]
) -> None:
    entry, form = entering(), uuid4()
    assert corrected(in_harbor, entry, 1, form=form) == corrected(in_harbor, entry, 1, form=form)
    assert acts() == ["usage.corrected", "usage.entered"]
    for other in ({"counts": 0}, {"counts": 1, "reason": "Other"}, {"counts": 0, "form": FORM}):
        with pytest.raises((KeyUsedBefore, NothingToCorrect)):
            corrected(in_harbor, entry, **{"form": form} | other)
    assert UsageEntry.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"counts": 2}, NothingToCorrect),
        ({"counts": -1}, CountOutOfRange),
        ({"counts": 1_000_001}, CountOutOfRange),
        ({"counts": 1, "reason": "  "}, ReasonMissing),
        ({"counts": 1, "reason": "a\0b"}, ControlCharacters),
    ],
)
def test_a_bad_correction_is_refused(
    in_harbor: House,
    entering: Callable[..., UsageEntry],
    changes: dict[str, Any],
    refusal: type[Refused],
) -> None:
    with pytest.raises(refusal):
        corrected(in_harbor, entering(), **changes)
    assert UsageEntry.objects.count() == 1


def test_a_correction_is_not_corrected(
    in_harbor: House, entering: Callable[..., UsageEntry]
) -> None:
    with pytest.raises(CorrectionOfCorrection):
        corrected(in_harbor, corrected(in_harbor, entering(), 1), 2)


def test_the_events_say_what_happened(
    in_harbor: House, entering: Callable[..., UsageEntry]
) -> None:
    corrected(in_harbor, entering(quantity=1_200), 2)
    said = [sentence(it).partition(" Owner ")[2] for it in Event.objects.all()[:2]]
    assert said == [
        "corrected Forward on Jun 2, 2026 from 1,200 to 2: Typed twice.",
        "counted 1,200 for Forward on Jun 2, 2026.",
    ]
