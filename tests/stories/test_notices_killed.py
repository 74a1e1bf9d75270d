"""A worker that hands over five thousand notices is killed, again and again, until all have come.

Each customer is told once of their first day. A mail whose worker was killed between the server's
yes and writing it down comes a second time, under the same Message-ID: never more than one for
each killed worker.
"""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.parser import BytesHeaderParser
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import F

from bench.databases import SQL
from postroom.base.rounds import CLAIM_HOLDS, Pace
from postroom.base.sql import changed
from postroom.base.statistics import count_again
from postroom.base.tenancy import as_operator, as_platform
from postroom.domain.notices.delivering import deliver_operator
from postroom.domain.notices.models import (
    Delivery,
    Envelope,
    EnvelopeState,
    Notice,
    NoticeClearance,
)
from postroom.domain.notices.posting import put_in_envelopes
from postroom.domain.operators.models import Operator
from postroom.domain.plans.models import PlanVersion
from postroom.domain.subscriptions.models import Subscription
from tests.mail_server import TAKEN, MailServer, serving
from tests.rooms.billing_worlds import Shop, day, open_shop
from tests.rooms.noticing import TOLD, announce, to_tell
from tests.stories.test_mailing_killed import kill_within

NOTICES = 5_000
KILLS = 4
WORKER = "import django; django.setup();from tests.stories.test_notices_killed import work; work()"


def work() -> None:
    """Will hand over what an operator has due, at an instant: words on the command line."""
    operator, instant = int(sys.argv[1]), datetime.fromisoformat(sys.argv[2])
    with as_platform():
        it = Operator.objects.get(pk=operator)
    began = datetime.now(UTC)
    pace = Pace(lambda: instant + (datetime.now(UTC) - began), time.sleep, 600_000)
    deliver_operator(it, pace=pace, turn=timedelta(hours=1))


class Quick(MailServer):
    """Reads no more of a mail than its headers."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append(BytesHeaderParser().parsebytes(envelope.content))  # type: ignore[arg-type]
        return TAKEN


@pytest.fixture
def served() -> Iterator[tuple[MailServer, int]]:
    with serving(Quick()) as it:
        yield it


@pytest.fixture
def shop(db: None) -> Iterator[Shop]:
    """Five thousand customers of Gold, each with an address and a notice that waits."""
    shop = open_shop()
    with as_operator(shop.operator.pk):
        gold = shop.plan()
        announcement = announce(shop, gold)
        move_in(shop, gold.pk)
    # What a server does by itself, once so many have come.
    count_again()
    with as_operator(shop.operator.pk):
        found = Subscription.objects.select_related("customer", "mailbox__location").order_by("pk")
        put_in_envelopes(announcement, [to_tell(it) for it in found], at=shop.at(TOLD))
    count_again()
    yield shop
    with as_operator(shop.operator.pk):
        # They stay in the database: nobody should bill them years of months.
        Subscription.objects.update(next_bill_on=F("next_bill_on") + timedelta(days=36_500))


def move_in(shop: Shop, plan: int) -> None:
    version = PlanVersion.objects.get(plan=plan, number=1)
    facts = {"first": 1, "last": NOTICES, "entries": 0, "services": [], "at": shop.at("26-05-01")}
    where = {"operator": shop.operator.pk, "location": shop.places[0].pk}
    days = {"month": day("26-05-01"), "on": day("26-06-01")}
    changed(SQL / "crowd.sql", facts | where | days | {"plan": plan, "version": version.pk})


def worker(shop: Shop, at: datetime, port: int) -> "subprocess.Popen[bytes]":
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = os.environ | {
        "DATABASE_URL": url.geturl(),
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
    }
    words = [sys.executable, "-c", WORKER, str(shop.operator.pk), at.isoformat()]
    return subprocess.Popen(words, cwd=settings.ROOT, env=environment)


def test_each_is_told_once(shop: Shop, served: tuple[MailServer, int]) -> None:
    letterbox, port = served
    at, killed = shop.at(TOLD), 0
    for _ in range(KILLS):
        killed += kill_within(worker(shop, at, port), letterbox, random.randint(100, 900))
        at += CLAIM_HOLDS + timedelta(minutes=1)
    assert killed == KILLS
    # Two at once finish it.
    both = [worker(shop, at, port) for _ in range(2)]
    assert [it.wait(600) for it in both] == [0, 0]
    came = Counter(str(it["Message-ID"]) for it in letterbox.mails)
    assert len(came) == len({str(it["To"]) for it in letterbox.mails}) == NOTICES
    assert sum(came.values()) - NOTICES <= killed
    with as_operator(shop.operator.pk):
        assert set(Envelope.objects.values_list("state", flat=True)) == {EnvelopeState.ACCEPTED}
        assert Delivery.objects.filter(kind="accepted").count() == NOTICES
        assert Notice.objects.values("subscription", "first_day").distinct().count() == NOTICES
        cleared = Counter(NoticeClearance.objects.values_list("notice", flat=True))
    assert (len(cleared), set(cleared.values())) == (NOTICES, {1})
