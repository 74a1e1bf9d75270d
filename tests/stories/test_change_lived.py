"""YES, lived through: who is told when, what the gate holds up, and what each is billed."""

from collections.abc import Iterator

import pytest

from postroom.base.tenancy import as_operator
from postroom.domain.customers.models import Customer
from postroom.domain.notices.by_hand import TooLateToSend, record_bounce, resend
from postroom.domain.notices.models import EnvelopeState, Notice
from postroom.domain.notices.telling import record_told
from postroom.domain.plan_changes.models import Outcome
from postroom.domain.plans.services import Timing
from postroom.domain.subscriptions.models import Means, Subscription
from tests.mail_server import serving, text_of
from tests.rooms.billing_worlds import GOLD, day, open_shop
from tests.stories.living import Life, billed, happened


@pytest.fixture
def life(db: None) -> Iterator[Life]:
    """An operator in Texas, where no rule sets a most, on 1 June 2026: Gold costs 31.00."""
    shop = open_shop()
    with as_operator(shop.operator.pk), serving() as (server, _):
        shop.places[0].state = "TX"
        shop.places[0].save()
        yield Life(shop, server, shop.plan(), day("26-06-01"))


def test_told_three_weeks_before_and_billed_from_the_day(life: Life) -> None:
    ana = life.joins("Ana", "26-01-10")
    life.raises(4000, "26-07-01")
    life.until("26-06-18")
    assert life.titles("Ana") == []
    life.until("26-06-19")
    [title] = life.titles("Ana")
    assert "Jul 10, 2026" in title
    text = text_of(life.mails("Ana")[0])
    assert "$31.00" in text and "$40.00" in text and "/notice/" in text
    life.until("26-08-11")
    assert billed(ana) == [("26-06-10", 3100), ("26-07-10", 4000), ("26-08-10", 4000)]
    assert happened(ana) == [("subscription.terms_changed", "2026-07-10")]
    assert len(life.mails("Ana")) == 1


def test_a_letter_forty_days_ahead_in_california(life: Life) -> None:
    """Too early for California's thirty days: a second notice goes out inside the window."""
    cal = life.joins("Cal", "26-01-12", state="CA")
    change = life.raises(4000, "26-07-12")
    life.until("26-06-02")
    own = {"by": life.shop.by, "at": life.now, "on": life.today}
    told = record_told(
        cal,
        version=change.version,
        told_on=life.today,
        means=Means.LETTER,
        told_by="Olga",
        reason="Wrote to them",
        **own,
    )
    assert told.last_day == day("26-07-02")
    life.until("26-06-21")
    assert len(life.titles("Cal")) == 1
    life.until("26-07-13")
    assert billed(cal)[-1] == ("26-07-12", 4000)


def test_a_year_paid_eight_months_ago(life: Life) -> None:
    cy = life.joins("Cy", "25-10-05", months=12)
    draft = life.ask({**GOLD.rates, 12: 40000})
    change = life.yes(draft, "26-07-01", timing=Timing.ON_DATE)
    assert life.outcome(change, cy) == (Outcome.PAID_TERM, "26-10-05")
    life.until("26-09-13")
    assert life.titles("Cy") == []
    life.until("26-10-05")
    assert len(life.titles("Cy")) == 1
    assert billed(cy) == [("26-10-05", 40000)]


def test_a_bounce_stays_and_follows_once_it_is_mended(life: Life) -> None:
    bo = life.joins("Bo", "26-01-10")
    change = life.raises(4000, "26-07-01")
    life.server.to_recipient["bo@customers.example"] = ["550 no such mailbox"] * 3
    life.until("26-07-10")
    [envelope] = life.envelopes(bo)
    assert envelope.state == EnvelopeState.BOUNCED
    assert billed(bo)[-1] == ("26-07-10", 3100)
    assert happened(bo) == [("subscription.terms_deferred", "2026-07-10")]
    assert life.outcome(change, bo)[1] == "26-08-10"
    Customer.objects.filter(pk=bo.customer_id).update(email="bo@elsewhere.example")
    life.until("26-08-10")
    assert billed(bo)[-1] == ("26-08-10", 4000)
    assert [it["To"] for it in life.mails("Bo")] == ["bo@elsewhere.example"]


def test_a_bounce_that_comes_later_closes_the_gate_again(life: Life) -> None:
    bo = life.joins("Bo", "26-01-10")
    life.raises(4000, "26-07-01")
    life.until("26-06-25")
    [envelope] = life.envelopes(bo)
    record_bounce(envelope, reason="Came back by mail", by=life.shop.by, at=life.now)
    life.until("26-07-10")
    assert billed(bo)[-1] == ("26-07-10", 3100)
    # Too late for July: another notice goes out for the next renewal.
    with pytest.raises(TooLateToSend):
        resend(envelope, by=life.shop.by, at=life.now)
    life.until("26-08-10")
    assert billed(bo)[-1] == ("26-08-10", 4000)


def test_two_changes_in_one_month(life: Life) -> None:
    """Who renews between the two gets both; who renews after both gets the later one alone."""
    early, late = life.joins("Early", "26-01-05"), life.joins("Late", "26-01-20")
    life.raises(4000, "26-07-01")
    life.raises(4500, "26-07-15")
    life.until("26-08-20")
    assert billed(early, "26-07-01") == [("26-07-05", 4000), ("26-08-05", 4500)]
    assert billed(late, "26-07-01") == [("26-07-20", 4500), ("26-08-20", 4500)]
    assert [len(life.mails(it)) for it in ("Early", "Late")] == [2, 1]


def test_told_of_thirty_then_twenty_eight_is_published(life: Life) -> None:
    """What was told clears what is not worse than it."""
    ana = life.joins("Ana", "26-01-25")
    life.raises(3500, "26-07-20")
    life.until("26-07-05")
    assert len(life.mails("Ana")) == 1
    life.raises(3300, "26-07-20")
    life.until("26-07-26")
    assert billed(ana, "26-07-01") == [("26-07-25", 3300)]


def test_withdrawn_the_day_before(life: Life) -> None:
    ana, bo = life.joins("Ana", "26-01-02"), life.joins("Bo", "26-01-20")
    change = life.raises(4000, "26-07-01")
    life.until("26-07-19")
    assert [len(life.mails(it)) for it in ("Ana", "Bo")] == [1, 1]
    life.withdraws(change, words="Sorry for the trouble.")
    life.until("26-08-20")
    assert billed(bo, "26-07-01") == [("26-07-20", 3100), ("26-08-20", 3100)]
    # Ana has it: she keeps it, and no correction says otherwise.
    assert billed(ana, "26-07-01") == [("26-07-02", 4000), ("26-08-02", 4000)]
    assert len(life.mails("Ana")) == 1
    [_, correction] = life.mails("Bo")
    assert "does not come" in str(correction["Subject"])
    assert "Sorry for the trouble." in text_of(correction)


def test_edited_after_half_were_sent(life: Life) -> None:
    first, second = life.joins("First", "26-01-03"), life.joins("Second", "26-01-28")
    change = life.raises(4900, "26-07-01")
    life.until("26-06-20")
    assert [len(life.mails(it)) for it in ("First", "Second")] == [1, 0]
    edited = life.edits(change, 3900, "26-07-01")
    assert edited.revision == 2
    life.until("26-08-28")
    # What First was told is void: the new notice came too late for 3 July.
    assert billed(first, "26-07-01") == [("26-07-03", 3900), ("26-08-03", 3900)]
    assert billed(second, "26-07-01") == [("26-07-28", 3900), ("26-08-28", 3900)]
    assert [len(life.mails(it)) for it in ("First", "Second")] == [3, 1]


def test_nobody_is_told_twice_however_often_it_is_announced(life: Life) -> None:
    three = [life.joins("Ana", "26-01-10") for _ in range(3)]
    life.raises(4000, "26-07-01")
    life.until("26-06-20")
    for _ in range(3):
        life.live()
    assert len(life.mails("Ana")) == 1
    assert Notice.objects.count() == 3
    assert {it.subscription_id for it in Notice.objects.all()} == {it.pk for it in three}


@pytest.mark.parametrize(
    ("today", "since", "existing_from", "first_day"),
    [
        # The night in which clocks go forward in New York, and the one in which they go back.
        ("26-02-01", "26-01-08", "26-03-08", "26-03-08"),
        ("26-10-01", "26-09-01", "26-11-01", "26-11-01"),
        # Day 29 in a leap year, and in one that is not.
        ("28-01-15", "27-12-29", "28-02-29", "28-02-29"),
        ("27-01-15", "26-12-29", "27-02-28", "27-02-28"),
    ],
)
def test_odd_days(life: Life, today: str, since: str, existing_from: str, first_day: str) -> None:
    life.today = day(since)
    ana = life.joins("Ana", since)
    life.shop.run(today)
    life.today = day(today)
    change = life.raises(4000, existing_from)
    assert life.outcome(change, ana) == (Outcome.CHANGED, first_day)
    life.until(first_day)
    assert billed(ana, first_day) == [(first_day, 4000)]
    assert len(life.mails("Ana")) == 1


def test_better_terms_need_no_notice_but_get_one(life: Life) -> None:
    ana = life.joins("Ana", "26-01-03", email=False)
    bo = life.joins("Bo", "26-01-03")
    life.raises(2000, "26-06-02")
    life.until("26-06-03")
    assert [billed(it) for it in (ana, bo)] == [[("26-06-03", 2000)]] * 2
    assert len(life.mails("Bo")) == 1
    assert [it.state for it in life.envelopes(ana)] == [EnvelopeState.TO_PRINT]
    assert Subscription.objects.filter(version__number=2).count() == 2
