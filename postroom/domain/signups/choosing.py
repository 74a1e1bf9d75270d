"""Choosing a location, a plan and a number: the number is on hold from then on."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from postroom.base.refusals import Refused
from postroom.domain.customers.models import Mailbox, MailboxState
from postroom.domain.plans.published import Offered, Place
from postroom.domain.signups.models import HOLDING, IN_HAND, Signup, Source

#: For how long a number is on hold while somebody fills in the rest; each step begins it anew.
HOLD = timedelta(minutes=45)
#: But never for longer than this after the start.
LONGEST_HOLD = timedelta(hours=24)
#: So many numbers are shown at once, so often are others shown.
SHOWN, DRAWS = 8, 3


class NumberCannotBeHad(Refused):
    """Number {number} cannot be had. Choose another one."""

    field = "number"


class OfferChangedMeanwhile(Refused):
    """This plan has changed since you opened the page. Below is what is offered now."""


class SignupIsSent(Refused):
    """This is sent already, and cannot be changed any more."""


@dataclass(frozen=True)
class Choice:
    """What somebody signs up for."""

    source: Source
    offered: Offered
    place: Place
    months: int


def free_numbers(operator_id: int, location_id: int, *, seed: str, draw: int = 1) -> list[str]:
    """Will return a few numbers that may be had, always the same ones for a seed and a draw."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT published.free_numbers(%s, %s, %s, %s)",
            [operator_id, location_id, f"{seed} {min(draw, DRAWS)}", SHOWN],
        )
        return [number for (number,) in cursor.fetchall()]


def start(operator_id: int, choice: Choice, *, number: str, form: UUID, at: datetime) -> int:
    """Will begin a signup with a number on hold, and return its id; the same form begins one.

    Works in the public reader's scope, through the one act that is open to it. Raises
    NumberCannotBeHad, the same whatever the reason, so that nobody learns who has which number.
    """
    offered, wanted = choice.offered, plain(number)
    facts: list[Any] = [
        *(operator_id, offered.id, offered.version_id, choice.place.id, choice.months, wanted),
        *(choice.source.value, choice.source.channel.value, form, at + HOLD, at),
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT published.start_signup({', '.join(['%s'] * len(facts))})", facts)
        (begun,) = cursor.fetchone() or (None,)
    if begun is None:
        raise NumberCannotBeHad(number=wanted)
    return int(begun)


@transaction.atomic
def choose_again(signup: Signup, choice: Choice, *, number: str, at: datetime) -> Signup:
    """Will change what somebody signs up for, with the number on hold; who they are stays.

    Raises SignupIsSent or NumberCannotBeHad.
    """
    signup = in_hand(signup)
    mailbox = _taken(signup, choice.place.id, plain(number))
    signup.source, signup.months = choice.source, choice.months
    signup.location_id, signup.mailbox = choice.place.id, mailbox
    signup.plan_id, signup.version_id = choice.offered.id, choice.offered.version_id
    keep(signup, at=at, fields=["source", "months", "location", "mailbox", "plan", "version"])
    return signup


def plain(number: str) -> str:
    """Will return a number as it is stored, whichever way it was typed."""
    shown = "".join(it for it in number if it.isprintable())
    return shown.strip().lstrip("#").upper()[:12]


def in_hand(signup: Signup) -> Signup:
    """Will hold a signup that is still being filled in. Raises SignupIsSent."""
    held = Signup.objects.select_for_update(of=("self",)).get(pk=signup.pk)
    if held.state not in IN_HAND:
        raise SignupIsSent()
    return held


def keep(signup: Signup, *, at: datetime, fields: list[str]) -> None:
    """Will save what was filled in; the hold on the number begins anew."""
    signup.seen_at = at
    signup.held_until = None
    if signup.mailbox_id is not None:
        signup.held_until = min(at + HOLD, signup.started_at + LONGEST_HOLD)
    signup.save(update_fields=[*fields, "seen_at", "held_until"])


def release(signup: Signup) -> None:
    """Will give the number on hold back to online signup; the caller saves the signup."""
    if signup.mailbox_id is None or signup.state not in HOLDING:
        return
    Mailbox.objects.filter(pk=signup.mailbox_id, state=MailboxState.PENDING).update(
        state=MailboxState.RESERVED
    )
    signup.mailbox, signup.held_until = None, None


def _taken(signup: Signup, location_id: int, number: str) -> Mailbox:
    """Will put a reserved number on hold and give the one before back."""
    if signup.mailbox is not None:
        mine: Mailbox = signup.mailbox
        if (mine.location_id, mine.number) == (location_id, number):
            return mine
    wanted: Mailbox | None = (
        Mailbox.objects.select_for_update(of=("self",))
        .filter(location_id=location_id, number=number, state=MailboxState.RESERVED)
        .first()
    )
    if wanted is None:
        raise NumberCannotBeHad(number=number)
    release(signup)
    wanted.state = MailboxState.PENDING
    wanted.save(update_fields=["state"])
    return wanted
