"""Readers on connections of their own, while a plan is made legacy again and again.

Each price is unlike the others, so that a page tells which moment it is of: exactly one Bronze,
never two, never none, and no old price once the flip is saved.
"""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import Barrier, Event
from typing import TypeVar
from uuid import uuid4

from django.db import connections
from django.test import Client

from postroom.base.periods import local_day
from postroom.base.tenancy import as_operator, as_public_reader
from postroom.demo.cast import BRONZE, House
from postroom.domain.plan_changes.answers import grandfather
from postroom.domain.plan_changes.undoing import undo_grandfather
from postroom.domain.plans.actions import Words, keep_draft, save_words, words_of
from postroom.domain.plans.models import Plan
from postroom.domain.plans.published import landing, offers
from postroom.domain.plans.queries import free_name, latest_version
from postroom.domain.plans.services import Channel
from postroom.domain.subscriptions.models import Lead
from tests.solving import solved

#: Flips go on until every reader has seen so many, on however slow a machine.
MOMENTS, MOST_FLIPS = 4, 200
T = TypeVar("T")


@dataclass
class Clock:
    """Which flips have begun and which are saved, as a reader may know from outside."""

    begun: int = 0
    saved: int = 0
    over: Event = field(default_factory=Event)
    #: The flips that each page was seen to be of.
    seen: dict[str, set[int]] = field(default_factory=dict)
    #: What Bronze costs at each moment; a flip's is on the page while the moment is.
    prices: list[int] = field(default_factory=lambda: [price(it) for it in range(MOST_FLIPS)])


def price(flip: int) -> int:
    return 1000 + flip


def test_readers_see_exactly_one_bronze_at_every_moment(house: House) -> None:
    clock = Clock()
    flip(house, 0)
    look_on(house, clock, lambda moment: flip(house, moment))


def test_readers_see_exactly_one_bronze_while_no_is_taken_back(house: House) -> None:
    """NO and its undoing take turns; each NO has a price of its own, the first one comes back."""
    first = price(0)
    clock = Clock(prices=[price(it) if it % 2 else first for it in range(MOST_FLIPS)])
    flip(house, 0)
    look_on(house, clock, lambda moment: flip(house, moment) if moment % 2 else undo(house))


def look_on(house: House, clock: Clock, turn: Callable[[int], None]) -> None:
    """Will read every page of Bronze while it takes one turn after another."""
    pages = [
        f"/join/{house.operator.slug}/",
        f"/join/{house.operator.slug}/{house.bronze.link}/",
        f"/locations/{house.operator.slug}/{house.locations[0].slug}/",
        f"/locations/{house.operator.slug}/{house.locations[0].slug}/{house.bronze.link}/",
    ]
    clock.seen = {page: set() for page in pages}
    with ThreadPoolExecutor(len(pages) + 1) as pool:
        readers = [pool.submit(alone, lambda page=page: watch(clock, page)) for page in pages]
        turns = pool.submit(alone, lambda: turn_often(clock, turn))
        for work in (turns, *readers):
            work.result()
    assert all(len(moments) >= MOMENTS for moments in clock.seen.values()), clock.seen


def test_what_a_reader_reads_is_of_one_instant(house: House) -> None:
    here = house.operator.pk, Channel.SIGNUP
    with as_public_reader():
        before = offers(*here)
        alone_in_thread(lambda: flip(house, 1))
        assert (offers(*here), landing(*here, house.bronze.link)) == (before, house.bronze.link)
    with as_public_reader():
        after = offers(*here)
    assert [it.terms.rates[1] for it in (*before, *after)] == [999, price(1)]


def test_hidden_plan_is_gone_for_readers_the_moment_it_is_saved(house: House) -> None:
    """A visitor who asks after Update has answered never sees the plan."""
    address = f"/join/{house.operator.slug}/"
    client = Client()
    for shown in (False, True) * 5:
        alone_in_thread(lambda shown=shown: tick(house, signup=shown))
        assert ("Bronze" in client.get(address).content.decode()) is shown


def test_two_clicks_at_one_moment_make_one_lead(house: House) -> None:
    address = f"/join/{house.operator.slug}/{house.bronze.link}/"
    with as_operator(house.operator.pk):
        version = latest_version(house.bronze).pk
    form = {
        "name": "Vera Vogel",
        "email": "vera@example.com",
        "location": house.locations[0].slug,
        "version": str(version),
    }
    for _ in range(5):
        sent, together = form | {"form": str(uuid4()), "altcha": solved()}, Barrier(2)

        def click(sent: dict[str, str] = sent, together: Barrier = together) -> int:
            together.wait()
            return Client().post(address, sent).status_code

        with ThreadPoolExecutor(2) as pool:
            clicks = [pool.submit(alone, click) for _ in range(2)]
            assert [click.result() for click in clicks] == [302, 302]
    with as_operator(house.operator.pk):
        assert Lead.objects.count() == 5


def alone(work: Callable[[], T]) -> T:
    """Will work on a connection that this thread opens and closes."""
    try:
        return work()
    finally:
        connections.close_all()


def alone_in_thread(work: Callable[[], T]) -> T:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(alone, work).result()


def watch(clock: Clock, page: str) -> None:
    """Will read a page until the flips are over, and note which of them it was of."""
    client = Client()
    while not clock.over.is_set():
        saved = clock.saved
        answer = client.get(page)
        text = answer.content.decode()
        assert answer.status_code == 200, page
        assert len(re.findall(r"<h[12][^>]*>\s*(?:<a[^>]*>)?Bronze\b", text)) == 1, page
        assert "Legacy" not in text
        (amount,) = re.findall(r"\$([\d.]+) a month\s*</li>", text)
        assert "taken back" not in text
        shown, between = round(float(amount) * 100), range(saved, clock.begun + 1)
        moments = {it for it in between if clock.prices[it] == shown}
        assert moments, f"{page} shows {shown}, which it was in none of {between}"
        clock.seen[page] |= moments


def turn_often(clock: Clock, turn: Callable[[int], None]) -> None:
    try:
        while any(len(moments) < MOMENTS for moments in clock.seen.values()):
            clock.begun += 1
            assert clock.begun < MOST_FLIPS, clock.seen
            turn(clock.begun)
            clock.saved = clock.begun
    finally:
        clock.over.set()


def flip(house: House, number: int) -> None:
    """Will answer NO: what is Bronze becomes legacy and a new Bronze takes its place."""
    now = datetime.now(UTC)
    on = local_day(now, house.operator.time_zone)
    terms = replace(BRONZE, rates={1: price(number), 12: 10 * price(number)})
    with as_operator(house.operator.pk):
        plan = Plan.objects.get(name="Bronze")
        last = latest_version(plan).number
        draft = keep_draft(plan, terms=terms, changed_from=last, reason="", by=house.owner, at=now)
        name = free_name("Bronze Legacy")
        grandfather(draft, legacy_name=name, by=house.owner, at=now, on=on)


def undo(house: House) -> None:
    """Will take NO back: what was Bronze before is Bronze again."""
    now = datetime.now(UTC)
    on = local_day(now, house.operator.time_zone)
    with as_operator(house.operator.pk):
        undo_grandfather(Plan.objects.get(name="Bronze"), by=house.owner, at=now, on=on)


def tick(house: House, **words: bool) -> None:
    with as_operator(house.operator.pk):
        plan = Plan.objects.get(name="Bronze")
        said: Words = replace(words_of(plan), **words)
        save_words(plan, words=said, by=house.owner, at=datetime.now(UTC))
