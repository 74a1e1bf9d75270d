"""A worker that mails two hundred invoices is killed, again and again, until all have come.

None is lost. A mail whose worker was killed between the server's yes and writing it down comes a
second time, under the same Message-ID: never more than one for each killed worker.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from postroom.base.rounds import CLAIM_HOLDS, PAGE, Pace
from postroom.base.tenancy import as_operator, as_platform
from postroom.domain.billing.run import bill_due
from postroom.domain.customers.models import Customer, MailboxState
from postroom.domain.customers.numbers import make_mailboxes
from postroom.domain.documents.mailing import mail_operator
from postroom.domain.documents.models import InvoiceMail, MailState
from postroom.domain.operators.mailing import mail_invoices_from_now_on
from postroom.domain.operators.models import Operator
from tests.mail_server import MailServer, serving
from tests.rooms.billing_worlds import Shop, day, open_shop

INVOICES = 200
KILLS = 6
WORKER = "import django; django.setup();from tests.stories.test_mailing_killed import work; work()"


def work() -> None:
    """Will mail what an operator has due, at an instant: both are words on the command line."""
    operator, instant = int(sys.argv[1]), datetime.fromisoformat(sys.argv[2])
    with as_platform():
        it = Operator.objects.get(pk=operator)
    began = datetime.now(UTC)
    clock = Pace(lambda: instant + (datetime.now(UTC) - began), time.sleep, 60_000)
    mail_operator(it, pace=clock)


@pytest.fixture
def served() -> Iterator[tuple[MailServer, int]]:
    with serving() as it:
        yield it


@pytest.fixture
def shop(db: None) -> Shop:
    """Two hundred customers, each with an address and an invoice that is due to be mailed."""
    shop = open_shop()
    with as_operator(shop.operator.pk):
        gold, at = shop.plan(), shop.at("24-01-02")
        shelf = {"first": 1_000, "last": 999 + INVOICES, "state": MailboxState.AVAILABLE}
        make_mailboxes(shop.places[0], **shelf, by=shop.by, at=shop.at("20-01-01"))
        for number in range(INVOICES):
            shop.join(gold, "24-01-01", who=f"Ana {number}")
        for customer in Customer.objects.all():
            customer.email = f"{customer.name.replace(' ', '-').lower()}@customers.example"
            customer.save(update_fields=["email"])
        mail_invoices_from_now_on(shop.operator, wanted=True, by=shop.by, at=at)
        bill_due(shop.operator, on=day("24-01-01"), at=at)
    return shop


def worker(shop: Shop, at: datetime, port: int) -> "subprocess.Popen[bytes]":
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = os.environ | {
        "DATABASE_URL": url.geturl(),
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
    }
    words = [sys.executable, "-c", WORKER, str(shop.operator.pk), at.isoformat()]
    return subprocess.Popen(words, cwd=settings.ROOT, env=environment)


def kill_within(process: "subprocess.Popen[bytes]", server: MailServer, mails: int) -> bool:
    """Will kill a worker once it has sent so many more; returns whether that came about."""
    wanted = len(server.mails) + mails
    while process.poll() is None and len(server.mails) < wanted:
        time.sleep(0.0005)
    if process.poll() is not None:
        return False
    time.sleep(random.uniform(0, 0.02))
    process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def states(shop: Shop) -> Counter[str]:
    with as_operator(shop.operator.pk):
        return Counter(InvoiceMail.objects.values_list("state", flat=True))


def test_none_is_lost(shop: Shop, served: tuple[MailServer, int]) -> None:
    letterbox, port = served
    at, killed = shop.at("24-01-02"), 0
    for _ in range(KILLS):
        killed += kill_within(worker(shop, at, port), letterbox, random.randint(1, 40))
        at += CLAIM_HOLDS + timedelta(minutes=1)
    assert killed > 0
    # Two at once finish it.
    both = [worker(shop, at, port) for _ in range(2)]
    assert [it.wait(60) for it in both] == [0, 0]
    assert states(shop) == {MailState.SENT: INVOICES}
    came = Counter(str(it["Message-ID"]) for it in letterbox.mails)
    assert len(came) == INVOICES
    assert sum(came.values()) - INVOICES <= killed


def test_killed_once_at_most_one_comes_twice(shop: Shop, served: tuple[MailServer, int]) -> None:
    letterbox, port = served
    at = shop.at("24-01-02")
    assert kill_within(worker(shop, at, port), letterbox, INVOICES // 2)
    # What the killed one had claimed is nobody's for ten minutes.
    assert worker(shop, at + timedelta(minutes=1), port).wait(60) == 0
    claimed = states(shop)[MailState.WAITING]
    assert claimed <= PAGE
    assert worker(shop, at + CLAIM_HOLDS + timedelta(minutes=1), port).wait(60) == 0
    assert states(shop) == {MailState.SENT: INVOICES}
    assert len(letterbox.mails) in {INVOICES, INVOICES + 1}
    assert len({str(it["To"]) for it in letterbox.mails}) == INVOICES
