"""Whether an entry of usage may be counted, and on which day: all that is said of one alone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import blake2b
from typing import ClassVar
from unicodedata import category
from uuid import UUID
from zoneinfo import ZoneInfo

from postroom.base.periods import local_day
from postroom.base.refusals import Refused
from postroom.domain.plans.services import Service
from postroom.domain.usage.models import KEY_LENGTH, LARGEST, METERED

#: What the database can hold as an id.
LARGEST_ID = 2**63 - 1
SERVICES = {service.value: service for service in METERED}


class KeyUnusable(Refused):
    """A key is 1 to 100 characters of text, without control characters."""

    field: ClassVar[str | None] = "key"


class ServiceNotMetered(Refused):
    """“{service}” is not a service that is counted."""

    field: ClassVar[str | None] = "service"


class NotACount(Refused):
    """A count is a whole number from {least} to {largest}."""

    field: ClassVar[str | None] = "quantity"


class SubscriptionUnknown(Refused):
    """There is no such subscription."""

    field: ClassVar[str | None] = "subscription"


class NotADay(Refused):
    """That is not a day or an instant that can be counted."""

    field: ClassVar[str | None] = "on"


class InTheFuture(Refused):
    """That day has not come yet. Today is {today} there."""

    field: ClassVar[str | None] = "on"


class NotYetBegun(Refused):
    """The subscription begins on {day}."""

    field: ClassVar[str | None] = "on"


class ClosedBefore(Refused):
    """The subscription closed on {day}."""

    field: ClassVar[str | None] = "on"


@dataclass(frozen=True)
class Given:
    """An entry as somebody gives it.

    ``when`` is a local day, a time by the location's clock, or an instant with an offset.
    """

    key: str
    subscription_id: int
    service: str
    quantity: int
    when: date | datetime


@dataclass(frozen=True)
class Days:
    """When a subscription may be used, and by which calendar."""

    starts_on: date
    closes_on: date | None
    time_zone: str
    today: date


@dataclass(frozen=True)
class Sound:
    """An entry that may be counted."""

    key: str
    body: UUID
    subscription_id: int
    service: Service
    quantity: int
    on: date
    happened_at: datetime | None


def judge(given: Given, days: Days | None, body: UUID) -> Sound:
    """Will return an entry as it may be counted, or raise why not.

    ``days`` are its subscription's. Raises KeyUnusable, ServiceNotMetered, NotACount,
    SubscriptionUnknown, NotADay, InTheFuture, NotYetBegun or ClosedBefore.
    """
    if not is_usable(given.key):
        raise KeyUnusable()
    service = SERVICES.get(str(given.service))
    if service is None:
        raise ServiceNotMetered(service=_shown(given.service))
    least = 0 if service == Service.RECIPIENTS else 1
    if not _is_whole(given.quantity) or not least <= given.quantity <= LARGEST:
        raise NotACount(least=least, largest=f"{LARGEST:,}")
    if days is None:
        raise SubscriptionUnknown()
    on, happened_at = _when(given.when, days.time_zone)
    if on > days.today:
        raise InTheFuture(today=f"{days.today:%d %B %Y}")
    if on < days.starts_on:
        raise NotYetBegun(day=f"{days.starts_on:%d %B %Y}")
    if days.closes_on is not None and on > days.closes_on:
        raise ClosedBefore(day=f"{days.closes_on:%d %B %Y}")
    return Sound(given.key, body, given.subscription_id, service, given.quantity, on, happened_at)


def digest(*parts: object) -> UUID:
    """Will return a digest of what was sent, the same for the same instant in any time zone."""
    said = "\0".join(_plain(part) for part in parts)
    return UUID(bytes=blake2b(said.encode(errors="replace"), digest_size=16).digest())


def is_usable(key: object) -> bool:
    """Will tell whether a key can be stored: neither empty, nor long, nor of odd characters."""
    return (
        isinstance(key, str)
        and 0 < len(key) <= KEY_LENGTH
        and (key.isprintable() or not any(category(it) in {"Cc", "Cs"} for it in key))
    )


def is_id(number: object) -> bool:
    """Will tell whether something may be the id of a row."""
    return _is_whole(number) and 0 < number <= LARGEST_ID  # type: ignore[operator]


def _is_whole(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool)


def _when(when: date | datetime, time_zone: str) -> tuple[date, datetime | None]:
    """Will return the local day, and the instant where it is known."""
    if not isinstance(when, date):
        raise NotADay()
    if not isinstance(when, datetime):
        return when, None
    try:
        if when.tzinfo is None:
            return when.date(), when.replace(tzinfo=ZoneInfo(time_zone)).astimezone(UTC)
        return local_day(when, time_zone), when.astimezone(UTC)
    except OverflowError as error:
        raise NotADay() from error


def _plain(part: object) -> str:
    if isinstance(part, datetime) and part.tzinfo is not None:
        try:
            return part.astimezone(UTC).isoformat()
        except OverflowError:
            return part.isoformat()
    return part.isoformat() if isinstance(part, date) else str(part)


def _shown(text: object) -> str:
    """Will make what somebody sent fit to be said back to him."""
    return "".join(it if it.isprintable() else "?" for it in str(text)[:40])
