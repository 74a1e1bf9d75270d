"""People who sign up with Harbor Mail online: two wait for an answer, one is still at it."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import uuid4

from postroom.base.tenancy import as_operator, as_public_reader
from postroom.demo.cast import House
from postroom.domain.customers.models import Kind, MailboxState
from postroom.domain.customers.numbers import make_mailboxes
from postroom.domain.plans.published import offers, places
from postroom.domain.plans.services import Channel
from postroom.domain.signups.agreement import agreement
from postroom.domain.signups.choosing import Choice, free_numbers, start
from postroom.domain.signups.deciding import ask
from postroom.domain.signups.filling import Who, fill_in
from postroom.domain.signups.models import Signup, Source
from postroom.domain.signups.sending import confirm, send


class Applicant(NamedTuple):
    """Somebody, the plan they want by the month, and how many hours ago they began."""

    who: Who
    plan: str
    hours: int


APPLICANTS = (
    Applicant(
        Who(
            Kind.PERSON,
            "Ingrid Solberg",
            "ingrid@visitors.example",
            "88 Pine St",
            "Albany",
            "NY",
            "12207",
            phone="+1 518 555 0190",
            recipients=("Lars Solberg",),
        ),
        "Bronze",
        20,
    ),
    Applicant(
        Who(
            Kind.COMPANY,
            "Quiet Harbor Books LLC",
            "orders@quietharbor.example",
            "4 Main St",
            "Nyack",
            "NY",
            "10960",
        ),
        "Silver",
        44,
    ),
)


def sign_up(house: House, *, now: datetime) -> None:
    """Will reserve numbers, and have these people sign up by the signup URL."""
    with as_operator(house.operator.pk):
        for location in house.locations:
            make_mailboxes(
                location, first=200, last=239, state=MailboxState.RESERVED, by=house.owner, at=now
            )
    for applicant in APPLICANTS:
        _sign_up(house, applicant, at=now - timedelta(hours=applicant.hours))
    with as_operator(house.operator.pk):
        company = Signup.objects.get(name=APPLICANTS[1].who.name)
        asked = "Please tell us the name of a person who may act for the company."
        ask(company, words=asked, by=house.owner, at=now - timedelta(hours=30))


def _sign_up(house: House, applicant: Applicant, *, at: datetime) -> None:
    operator = house.operator
    with as_public_reader():
        [offered] = [it for it in offers(operator.pk, Channel.SIGNUP) if it.name == applicant.plan]
        place = places(operator.pk, Channel.SIGNUP, plan_id=offered.id)[0]
        number = free_numbers(operator.pk, place.id, seed=applicant.plan)[0]
        choice = Choice(Source.SIGNUP, offered, place, 1)
        begun = start(operator.pk, choice, number=number, form=uuid4(), at=at)
    with as_operator(operator.pk):
        signup = fill_in(Signup.objects.get(pk=begun), applicant.who, at=at)
        words = agreement(
            offered.terms,
            plan=offered.name,
            number=offered.number,
            months=1,
            place=place.name,
            mailbox=number,
            tax="",
            show=operator.show,
        )
        send(
            signup,
            version_id=offered.version_id,
            words=words.as_text(),
            agreed_from=None,
            at=at,
        )
        confirm(signup, email=signup.email, at=at)
