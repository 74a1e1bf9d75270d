"""Moving in: what each row would do, and what it did."""

from datetime import date, timedelta

import pytest

from postroom.demo.cast import House
from postroom.domain.customers.models import Customer, Mailbox, MailboxState, Recipient
from postroom.domain.moving_in.keeping import (
    KEPT,
    ErrorsLeft,
    NothingToTakeIn,
    TakenInAlready,
    confirm,
    make_plans,
    prices_missing,
)
from postroom.domain.moving_in.models import MovingIn, MovingRow, Outcome, State
from postroom.domain.moving_in.taking_in import take_in_page
from postroom.domain.operators.models import Location
from postroom.domain.plans.models import Plan
from postroom.domain.subscriptions.models import Subscription
from tests.conftest import AT, ON
from tests.rooms.moving_worlds import ADA, bring, rows_of, says, taken_in


def outcomes(rows: list[MovingRow]) -> list[str]:
    return [row.outcome for row in rows]


class TestTakingIn:
    def test_a_customer_keeps_what_they_pay_and_have_paid(self, in_harbor: House) -> None:
        (row,) = taken_in(in_harbor, ADA)
        assert (row.outcome, row.problems) == (Outcome.ADDED, [])
        ada = Customer.objects.get(external_id="C-1")
        rented = Subscription.objects.get(customer=ada)
        assert (ada.name, ada.email) == ("Ada Lane", "ada@customers.example")
        assert (rented.mailbox.number, rented.mailbox.state) == ("301", MailboxState.ASSIGNED)
        assert (rented.starts_on, rented.billing_day) == (date(2024, 3, 15), 15)
        assert rented.next_term_on == rented.next_bill_on == date(2026, 7, 15)

    def test_the_same_file_twice_changes_nothing(self, in_harbor: House) -> None:
        taken_in(in_harbor, ADA)
        before = Customer.objects.count(), Subscription.objects.count()
        kept = bring(in_harbor, ADA)
        assert outcomes(rows_of(kept)) == [Outcome.SAME]
        with pytest.raises(NothingToTakeIn):
            confirm(kept, seen=kept.fingerprint, only_whole=False, by=in_harbor.owner, at=AT, on=ON)
        assert (Customer.objects.count(), Subscription.objects.count()) == before

    def test_another_email_changes_the_customer(self, in_harbor: House) -> None:
        taken_in(in_harbor, ADA)
        (row,) = taken_in(in_harbor, ADA | {"email": "new@customers.example"})
        assert row.outcome == Outcome.CHANGED
        assert row.changes == ["E-mail: ada@customers.example → new@customers.example"]
        assert Customer.objects.get(external_id="C-1").email == "new@customers.example"

    @pytest.mark.parametrize(
        ("other", "said"),
        [
            ({"price": "8.99"}, "switch them on their page"),
            ({"cycle": "annual", "price": "109.99"}, "switch them on their page"),
            ({"paid_through": "2026-08-14"}, "cannot be changed by importing"),
        ],
    )
    def test_what_somebody_pays_is_never_changed(
        self, in_harbor: House, other: dict[str, str], said: str
    ) -> None:
        taken_in(in_harbor, ADA)
        (row,) = rows_of(bring(in_harbor, ADA | other))
        assert row.outcome == Outcome.ERROR
        assert said in says(row)

    def test_a_row_without_a_mailbox_is_a_customer_alone(self, in_harbor: House) -> None:
        only = {"external_id": "C-2", "name": "Lane, Bob", "recipients": "Ann|Lane LLC"}
        taken_in(in_harbor, only)
        bob = Customer.objects.get(external_id="C-2")
        assert bob.name == "Lane, Bob"
        names = Recipient.objects.filter(customer=bob).values_list("name", flat=True)
        assert set(names) == {"Ann", "Lane LLC"}

    def test_one_customer_may_have_several_mailboxes(self, in_harbor: House) -> None:
        second = {**ADA, "mailbox": "302", "phone": "212 555 0100"}
        rows = taken_in(in_harbor, ADA, second, {**ADA, "mailbox": "303"})
        assert outcomes(rows) == [Outcome.ADDED] * 3
        ada = Customer.objects.get(external_id="C-1")
        assert Subscription.objects.filter(customer=ada).count() == 3
        assert ada.phone == "212 555 0100"

    def test_a_bad_row_stops_none_of_its_neighbours(self, in_harbor: House) -> None:
        bad = {**ADA, "external_id": "C-2", "mailbox": "302", "price": "nine"}
        good = {**ADA, "external_id": "C-3", "mailbox": "303"}
        rows = taken_in(in_harbor, ADA, bad, good)
        assert outcomes(rows) == [Outcome.ADDED, Outcome.ERROR, Outcome.ADDED]
        assert not Customer.objects.filter(external_id="C-2").exists()

    def test_nothing_is_taken_in_where_that_was_chosen(self, in_harbor: House) -> None:
        kept = bring(in_harbor, ADA, {**ADA, "external_id": "C-2", "mailbox": "100"})
        facts = {"seen": kept.fingerprint, "by": in_harbor.owner, "at": AT, "on": ON}
        with pytest.raises(ErrorsLeft):
            confirm(kept, only_whole=True, **facts)
        assert not Customer.objects.filter(external_id="C-1").exists()


class TestPrices:
    def test_a_price_without_a_version_gets_a_plan_of_its_own(self, in_harbor: House) -> None:
        kept = bring(in_harbor, ADA | {"price": "9.49"})
        assert "No version of “Bronze” costs $9.49 a month" in says(rows_of(kept)[0])
        (missing,) = prices_missing(kept)
        assert (missing.name, missing.rows) == ("Bronze ($9.49 a month)", 1)
        for _ in range(2):
            make_plans(kept, keys=[missing.key], by=in_harbor.owner, at=AT, on=ON)
        made = Plan.objects.get(copied_from=in_harbor.bronze)
        assert (made.internal, made.signup, made.lead_gen) == (True, False, False)
        assert outcomes(rows_of(kept)) == [Outcome.ADDED]
        taken_in(in_harbor, ADA | {"price": "9.49"})
        assert Subscription.objects.get(customer__external_id="C-1").plan == made
        assert outcomes(rows_of(bring(in_harbor, ADA | {"price": "9.49"}))) == [Outcome.SAME]


class TestConfirming:
    def test_what_changed_meanwhile_is_shown_and_not_taken_in(self, in_harbor: House) -> None:
        kept = bring(in_harbor, ADA)
        Mailbox.objects.create(
            operator=in_harbor.operator,
            location=in_harbor.locations[0],
            number="301",
            state=MailboxState.PENDING,
        )
        seen = kept.fingerprint
        kept = confirm(kept, seen=seen, only_whole=False, by=in_harbor.owner, at=AT, on=ON)
        assert kept.state == State.SHOWN
        assert outcomes(rows_of(kept)) == [Outcome.ERROR]
        assert kept.fingerprint != seen

    def test_what_changed_after_it_was_confirmed_is_left_out(self, in_harbor: House) -> None:
        kept = bring(in_harbor, ADA, {**ADA, "external_id": "C-2", "mailbox": "302"})
        confirm(kept, seen=kept.fingerprint, only_whole=False, by=in_harbor.owner, at=AT, on=ON)
        Location.objects.filter(pk=in_harbor.locations[0].pk).update(name="Elsewhere", slug="e")
        while take_in_page(in_harbor.operator, kept.pk, at=AT, page=1):
            pass
        assert outcomes(rows_of(kept)) == [Outcome.ERROR] * 2

    def test_a_job_that_was_killed_goes_on_where_it_stood(self, in_harbor: House) -> None:
        more = [{**ADA, "external_id": f"C-{n}", "mailbox": str(300 + n)} for n in range(2, 5)]
        kept = bring(in_harbor, ADA, *more)
        confirm(kept, seen=kept.fingerprint, only_whole=False, by=in_harbor.owner, at=AT, on=ON)
        assert take_in_page(in_harbor.operator, kept.pk, at=AT, page=2)
        while take_in_page(in_harbor.operator, kept.pk, at=AT, page=2):
            pass
        assert Subscription.objects.filter(customer__external_id__startswith="C-").count() == 4
        assert MovingIn.objects.get(pk=kept.pk).state == State.DONE
        with pytest.raises(TakenInAlready):
            confirm(kept, seen="", only_whole=False, by=in_harbor.owner, at=AT, on=ON)


def test_files_that_nobody_took_in_are_forgotten(in_harbor: House) -> None:
    taken_in(in_harbor, ADA)
    forgotten = bring(in_harbor, {"external_id": "C-9", "name": "Nobody"})
    bring(in_harbor, {"external_id": "C-2", "name": "Bob"}, at=AT + KEPT + timedelta(days=1))
    assert MovingIn.objects.count() == 2
    assert not MovingRow.objects.filter(moving_in_id=forgotten.pk).exists()
