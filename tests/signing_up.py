"""Somebody who signs up with a house, for tests that begin after that."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

from postroom.base.tenancy import as_operator, as_public_reader
from postroom.demo.cast import House
from postroom.domain.customers.models import Kind, Mailbox, MailboxState
from postroom.domain.customers.numbers import make_mailboxes
from postroom.domain.plans.published import offers, places
from postroom.domain.signups.choosing import Choice, start
from postroom.domain.signups.filling import Who, fill_in
from postroom.domain.signups.models import Signup, Source
from postroom.domain.signups.sending import confirm, send
from tests.conftest import AT

NORA = Who(
    Kind.PERSON,
    "Nora Newcomer",
    "nora@visitors.example",
    "1 Elm St",
    "Albany",
    "NY",
    "12207",
    recipients=("Max Newcomer",),
)


def reserve_some(house: House, *, first: int = 201, last: int = 212) -> None:
    """Will make numbers for online signup at the first location. Works in no scope."""
    with as_operator(house.operator.pk):
        make_mailboxes(
            house.locations[0],
            first=first,
            last=last,
            state=MailboxState.RESERVED,
            by=house.owner,
            at=AT,
        )


def choice(house: House, *, months: int = 1, source: Source = Source.SIGNUP) -> Choice:
    """Will choose the cheapest plan at the first location that has reserved numbers."""
    with as_public_reader():
        [place] = [
            it for it in places(house.operator.pk, source.channel) if it.id == house.locations[0].pk
        ]
        offered = offers(house.operator.pk, source.channel, location_id=place.id)[0]
    return Choice(source, offered, place, months)


def begun(house: House, number: str = "201", *, at: datetime = AT, **wanted: object) -> Signup:
    """Will put a number on hold, as a visitor."""
    chosen = choice(house, **wanted)  # type: ignore[arg-type]
    with as_public_reader():
        pk = start(house.operator.pk, chosen, number=number, form=uuid4(), at=at)
    with as_operator(house.operator.pk):
        return Signup.objects.get(pk=pk)


def sent(house: House, number: str = "201", *, email: str = NORA.email, **wanted: object) -> Signup:
    """Will fill it in and agree."""
    signup = begun(house, number, **wanted)
    with as_operator(house.operator.pk):
        fill_in(signup, replace(NORA, email=email), at=AT)
        return send(
            signup,
            version_id=signup.version_id,
            words="Bronze as it is shown",
            agreed_from="192.0.2.7",
            at=AT,
        )


def confirmed(house: House, number: str = "201", **wanted: object) -> Signup:
    """Will sign up as far as staff get it."""
    signup = sent(house, number, **wanted)
    with as_operator(house.operator.pk):
        return confirm(signup, email=signup.email, at=AT + timedelta(minutes=5))


def state_of(house: House, number: str) -> str:
    """Will return the state of a number at the first location."""
    with as_operator(house.operator.pk):
        return str(Mailbox.objects.get(location=house.locations[0], number=number).state)
