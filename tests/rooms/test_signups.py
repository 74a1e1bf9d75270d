"""Signing up: a number on hold, who they are, yes to the terms, and what staff decide."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from postroom.base.tenancy import as_operator, as_public_reader
from postroom.demo.cast import BRONZE, House
from postroom.domain.billing.models import Invoice
from postroom.domain.billing.previews import ChangedSinceSeen
from postroom.domain.customers.models import Customer, Recipient, Standing
from postroom.domain.events.models import Event
from postroom.domain.plans.actions import publish_version
from postroom.domain.plans.models import Withdrawal
from postroom.domain.plans.services import Service
from postroom.domain.signups.choosing import (
    NumberCannotBeHad,
    SignupIsSent,
    choose_again,
    free_numbers,
    start,
)
from postroom.domain.signups.cleaning import clean, clean_everybody
from postroom.domain.signups.counting import count_recipients
from postroom.domain.signups.deciding import (
    SignupNotWaiting,
    TermsWithdrawn,
    WordsToThemMissing,
    approve,
    ask,
    preview_approval,
    refuse_signup,
)
from postroom.domain.signups.filling import EmailIsConfirmed, fill_in
from postroom.domain.signups.models import Consent, Signup, SignupState
from postroom.domain.signups.sending import (
    AddressHasChanged,
    NumberLapsed,
    OfferChangedMeanwhile,
    answer,
    confirm,
    send,
)
from postroom.domain.subscriptions.actions import CustomerNotActive, assign
from postroom.domain.subscriptions.models import Term
from postroom.domain.usage.intake import KeyUsedBefore, take_in
from postroom.domain.usage.judging import Given
from postroom.domain.usage.models import UsageEntry
from tests.conftest import AT, ON
from tests.signing_up import NORA, begun, choice, confirmed, reserve_some, sent, state_of

DEARER = replace(BRONZE, rates={1: 1299, 12: 13999})


@pytest.fixture(autouse=True)
def numbers(harbor: House) -> None:
    reserve_some(harbor)


def test_a_number_is_on_hold_for_one(harbor: House) -> None:
    first = begun(harbor, "201")
    assert (first.state, state_of(harbor, "201")) == (SignupState.STARTED, "pending")
    with pytest.raises(NumberCannotBeHad):
        begun(harbor, "201")


@pytest.mark.parametrize("number", ["100", "101", "139", "999", "", "no. 1", "'; --"])
def test_what_cannot_be_had_is_said_in_one_way(harbor: House, number: str) -> None:
    with pytest.raises(NumberCannotBeHad):
        begun(harbor, number)


def test_a_form_begins_one_signup(harbor: House) -> None:
    chosen, form = choice(harbor), uuid4()
    with as_public_reader():
        ids = {
            start(harbor.operator.pk, chosen, number=number, form=form, at=AT)
            for number in ("201", "201", "202")
        }
    assert len(ids) == 1 and state_of(harbor, "202") == "reserved"


def test_no_more_than_a_handful_of_numbers_is_shown(harbor: House) -> None:
    reserve_some(harbor, first=300, last=399)
    place = harbor.locations[0].pk
    with as_public_reader():
        shown = {
            tuple(free_numbers(harbor.operator.pk, place, seed="me", draw=draw))
            for draw in (1, 1, 2, 3, 4, 99)
        }
        others = free_numbers(harbor.operator.pk, place, seed="you")
    assert len(shown) == 3 and all(len(it) == 8 for it in shown)
    assert tuple(others) not in shown


def test_another_plan_keeps_who_they_are(harbor: House) -> None:
    signup = begun(harbor, "201")
    with as_operator(harbor.operator.pk):
        fill_in(signup, NORA, at=AT)
        changed = choose_again(signup, choice(harbor, months=12), number="#202", at=AT)
    assert (changed.months, changed.name) == (12, "Nora Newcomer")
    assert (state_of(harbor, "201"), state_of(harbor, "202")) == ("reserved", "pending")


def test_a_hold_lapses_and_what_is_old_goes(harbor: House) -> None:
    kept, old = begun(harbor, "201"), begun(harbor, "202", at=AT - timedelta(days=20))
    with as_operator(harbor.operator.pk):
        assert clean(harbor.operator, at=AT + timedelta(hours=1)) == (2, 1)
        assert list(Signup.objects.all()) == [kept]
        assert Signup.objects.filter(pk=old.pk).count() == 0
        with pytest.raises(NumberCannotBeHad):
            choose_again(kept, choice(harbor), number="139", at=AT)
        choose_again(kept, choice(harbor), number="201", at=AT)
    assert (state_of(harbor, "201"), state_of(harbor, "202")) == ("pending", "reserved")


def test_a_confirmed_address_makes_a_pending_customer(harbor: House) -> None:
    signup = confirmed(harbor)
    with as_operator(harbor.operator.pk):
        customer = Customer.objects.get(pk=signup.customer_id)
        assert (customer.standing, customer.state) == (Standing.PENDING, "NY")
        assert [str(it) for it in Recipient.objects.filter(customer=customer)] == ["Max Newcomer"]
        consent = Consent.objects.get(customer=customer)
        assert (consent.version_id, consent.months) == (signup.version_id, 1)
        assert (consent.words, consent.agreed_at) == ("Bronze as it is shown", AT)
        [said] = Event.objects.filter(subject_kind="customer", subject_id=customer.pk)
        assert (said.act, said.by_name) == ("customer.signed_up", "Nora Newcomer")
        again = confirm(signup, email=NORA.email, at=AT + timedelta(hours=1))
        assert again.customer_id == customer.pk
        assert Consent.objects.count() == 1


def test_a_link_confirms_the_address_it_was_sent_to(harbor: House) -> None:
    signup = sent(harbor)
    with as_operator(harbor.operator.pk):
        fill_in(signup, replace(NORA, email="other@visitors.example"), at=AT)
        with pytest.raises(AddressHasChanged):
            confirm(signup, email=NORA.email, at=AT)


def test_confirming_too_late_takes_a_number_again(harbor: House) -> None:
    signup = sent(harbor)
    with as_operator(harbor.operator.pk):
        clean(harbor.operator, at=AT + timedelta(days=4))
        with pytest.raises(NumberLapsed):
            confirm(signup, email=NORA.email, at=AT + timedelta(days=4))


def test_yes_to_other_terms_is_no_yes(harbor: House) -> None:
    signup = begun(harbor)
    with as_operator(harbor.operator.pk):
        fill_in(signup, NORA, at=AT)
        publish_version(
            harbor.bronze, terms=DEARER, sold_from=ON, existing_from=None, by=harbor.owner, at=AT
        )
        said = {"words": "As shown", "agreed_from": None, "at": AT}
        with pytest.raises(OfferChangedMeanwhile):
            send(signup, version_id=signup.version_id, **said)  # type: ignore[arg-type]


def test_who_has_sent_it_keeps_the_terms_they_agreed_to(harbor: House) -> None:
    signup = confirmed(harbor)
    with as_operator(harbor.operator.pk):
        publish_version(
            harbor.bronze, terms=DEARER, sold_from=ON, existing_from=None, by=harbor.owner, at=AT
        )
        approved = approve(signup, starts_on=ON, by=harbor.owner, at=AT, on=ON)
        term = Term.objects.get(subscription=approved.subscription_id, seq=1)
        assert term.version_id == signup.version_id
        assert Invoice.objects.get(subscription=approved.subscription_id).total_minor == 999


def test_the_first_bill_is_the_one_that_was_shown(harbor: House) -> None:
    signup = confirmed(harbor)
    days = {"starts_on": ON, "billing_day": 1, "by": harbor.owner, "at": AT, "on": ON}
    with as_operator(harbor.operator.pk):
        preview = preview_approval(signup, **days)  # type: ignore[arg-type]
        assert not Invoice.objects.filter(customer=signup.customer_id).exists()
        with pytest.raises(ChangedSinceSeen):
            approve(signup, seen="something else", **days)  # type: ignore[arg-type]
    with as_operator(harbor.operator.pk):
        approve(signup, seen=preview.key, **days)  # type: ignore[arg-type]
        written = Invoice.objects.get(customer=signup.customer_id)
        [shown] = preview.bills
        # 16 of June's 30 days.
        assert (written.total_minor, shown.total_minor) == (533, 533)
    assert state_of(harbor, "201") == "assigned"


def test_recipients_are_counted_from_the_first_day(harbor: House) -> None:
    signup = confirmed(harbor)
    later = ON + timedelta(days=3)
    with as_operator(harbor.operator.pk):
        approve(signup, starts_on=later, by=harbor.owner, at=AT, on=ON)
        assert not UsageEntry.objects.filter(service=Service.RECIPIENTS).exists()
        assert count_recipients(harbor.operator, at=AT + timedelta(days=3)) == 1
        assert count_recipients(harbor.operator, at=AT + timedelta(days=4)) == 0
        entry = UsageEntry.objects.get(service=Service.RECIPIENTS)
        assert (entry.quantity, entry.on) == (2, later)


def test_one_operators_trouble_is_not_anothers(
    harbor: House, make_house: Callable[..., House]
) -> None:
    signup, other = confirmed(harbor), make_house("Neighbor Post")
    reserve_some(other)
    begun(other, "201")
    with as_operator(harbor.operator.pk):
        approve(signup, starts_on=ON + timedelta(days=1), by=harbor.owner, at=AT, on=ON)
        key = f"signup {signup.pk}"
        given = Given(key, harbor.subscriptions["ana"].pk, Service.SHRED, 1, ON)
        take_in(harbor.operator, [given], by=None, at=AT)
    with pytest.raises(ExceptionGroup) as told:
        clean_everybody(at=AT + timedelta(days=2))
    assert told.group_contains(KeyUsedBefore)
    assert state_of(other, "201") == "reserved"


def test_staff_ask_and_they_answer(harbor: House) -> None:
    signup = confirmed(harbor)
    with as_operator(harbor.operator.pk):
        with pytest.raises(WordsToThemMissing):
            ask(signup, words=" \n ", by=harbor.owner, at=AT)
        ask(signup, words="Which floor?", by=harbor.owner, at=AT)
        with pytest.raises(EmailIsConfirmed):
            fill_in(signup, replace(NORA, email="other@visitors.example"), at=AT)
        fill_in(signup, replace(NORA, street="1 Elm St, 4th floor", recipients=()), at=AT)
        answer(signup, words="The fourth", at=AT)
        signup.refresh_from_db()
        assert (signup.state, signup.answered) == (SignupState.WAITING, "The fourth")
        customer = Customer.objects.get(pk=signup.customer_id)
        assert customer.street == "1 Elm St, 4th floor"
        assert not Recipient.objects.filter(customer=customer).exists()


def test_refused_gives_the_number_back(harbor: House) -> None:
    signup = confirmed(harbor)
    with as_operator(harbor.operator.pk):
        refuse_signup(signup, words="No IDs", by=harbor.owner, at=AT)
        customer = Customer.objects.get(pk=signup.customer_id)
        assert customer.standing == Standing.REFUSED
        for act in (ask, refuse_signup):
            with pytest.raises(SignupNotWaiting):
                act(signup, words="Again", by=harbor.owner, at=AT)
    assert state_of(harbor, "201") == "reserved"


def test_a_pending_customer_is_given_no_mailbox_by_hand(harbor: House) -> None:
    signup = confirmed(harbor)
    with as_operator(harbor.operator.pk), pytest.raises(CustomerNotActive):
        assign(
            Customer.objects.get(pk=signup.customer_id),
            mailbox=harbor.subscriptions["ana"].mailbox,
            plan=harbor.bronze,
            months=1,
            starts_on=ON,
            by=harbor.owner,
            at=AT,
        )


def test_withdrawn_terms_are_promised_to_nobody(harbor: House) -> None:
    with as_operator(harbor.operator.pk):
        newer = publish_version(
            harbor.bronze, terms=DEARER, sold_from=ON, existing_from=None, by=harbor.owner, at=AT
        )
    signup = confirmed(harbor)
    with as_operator(harbor.operator.pk):
        assert signup.version_id == newer.pk
        Withdrawal.objects.create(
            operator=harbor.operator, version=newer, reason="A slip", by=harbor.owner, at=AT
        )
        with pytest.raises(TermsWithdrawn):
            approve(signup, starts_on=ON, by=harbor.owner, at=AT, on=ON)


def test_what_is_sent_is_not_changed(harbor: House) -> None:
    signup = confirmed(harbor)
    with as_operator(harbor.operator.pk):
        with pytest.raises(SignupIsSent):
            fill_in(signup, NORA, at=AT)
        with pytest.raises(SignupIsSent):
            choose_again(signup, choice(harbor), number="202", at=AT)
