"""Opening an operator, its locations and its staff."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from allauth.account.models import EmailAddress
from babel.core import Locale, UnknownLocaleError
from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify

from postroom.base.refusals import Refused, refusing
from postroom.base.text import tidy
from postroom.domain.events.actions import record
from postroom.domain.operators.models import Location, Operator, Staff
from postroom.domain.operators.permissions import Role
from postroom.domain.operators.whereabouts import find_whereabouts, time_zone_of
from postroom.domain.users.models import User


class OperatorSlugTaken(Refused):
    """Another operator already has the address “{slug}”."""

    field = "slug"


class LocationNameTaken(Refused):
    """You already have a location named “{name}”."""

    field = "name"


class TimeZoneUnknown(Refused):
    """No time zone is known for “{name}”. Choose one from the list."""

    field = "time_zone"


class OperatorNameMissing(Refused):
    """Enter the operator's name."""

    field = "name"


class LocationNameMissing(Refused):
    """Enter the location's name."""

    field = "name"


class LocaleUnknown(Refused):
    """“{locale}” is not a known format. Choose one from the list."""

    field = "locale"


class AlreadyStaff(Refused):
    """{email} already works here. Change the role in the list instead."""

    field = "email"


class NotStaff(Refused):
    """{name} does not work here any more."""

    field = "role"


class LastOwner(Refused):
    """{name} is the last owner. Make somebody else an owner first."""

    field = "role"


@transaction.atomic
def open_operator(*, name: str, slug: str, at: datetime, by: User | None, **facts: str) -> Operator:
    """Will open an operator. Works in the platform's scope. Raises OperatorSlugTaken."""
    with refusing({"operator_slug_is_unique": OperatorSlugTaken(slug=slug)}):
        operator = Operator.objects.create(name=tidy(name), slug=slug, opened_at=at, **facts)
    record("operator.opened", operator, by=by, at=at, facts={"name": operator.name})
    return operator


@transaction.atomic
def change_operator(
    operator: Operator,
    *,
    name: str,
    service_email: str,
    time_zone: str,
    locale: str,
    by: User,
    at: datetime,
) -> dict[str, list[str]]:
    """Will save what an operator may change of itself; its address and currency are fixed.

    Returns what changed as field: [before, after]. Raises OperatorNameMissing, TimeZoneUnknown
    or LocaleUnknown.
    """
    if not tidy(name):
        raise OperatorNameMissing()
    check_calendar_and_format(time_zone=time_zone, locale=locale)
    operator = Operator.objects.select_for_update().get(pk=operator.pk)
    facts = {
        "name": tidy(name),
        "service_email": service_email.strip().lower(),
        "time_zone": time_zone,
        "locale": locale,
    }
    changes = _set(operator, facts)
    if changes:
        record("operator.changed", operator, by=by, at=at, facts=changes)
    return changes


@transaction.atomic
def add_location(
    operator: Operator,
    *,
    name: str,
    at: datetime,
    by: User | None,
    **address: str | bool | float | None,
) -> Location:
    """Will add a location; a US postal code says its time zone and place where none is given.

    Raises LocationNameMissing, LocationNameTaken, TimeZoneUnknown, HalfAPlace or NoSuchPlace.
    """
    facts = _facts_of_location(name, address)
    facts |= find_whereabouts(facts)
    taken = LocationNameTaken(name=facts["name"])
    with refusing(
        {
            "location_name_is_unique_for_its_operator": taken,
            "location_slug_is_unique_for_its_operator": taken,
        }
    ):
        slug = _free_slug(operator, facts["name"])
        location = Location.objects.create(operator=operator, slug=slug, **facts)
    record("location.added", location, by=by, at=at)
    return location


@transaction.atomic
def change_location(
    location: Location,
    *,
    name: str,
    at: datetime,
    by: User,
    **address: str | bool | float | None,
) -> dict[str, list[Any]]:
    """Will save a location's name, address, time zone and listing; its public address stays.

    Returns what changed as field: [before, after]. Raises LocationNameMissing, LocationNameTaken,
    TimeZoneUnknown, HalfAPlace or NoSuchPlace.
    """
    facts = _facts_of_location(name, address)
    location = Location.objects.select_for_update(of=("self",)).get(pk=location.pk)
    facts |= find_whereabouts(facts, before=location)
    taken = LocationNameTaken(name=facts["name"])
    with refusing({"location_name_is_unique_for_its_operator": taken}):
        changes = _set(location, facts)
    if changes:
        record("location.changed", location, by=by, at=at, facts=changes)
    return changes


def _facts_of_location(
    name: str, address: Mapping[str, str | bool | float | None]
) -> dict[str, Any]:
    """Will tidy what was typed and find the time zone of a US postal code where none is given.

    Raises LocationNameMissing or TimeZoneUnknown.
    """
    facts = {
        field: tidy(value) if isinstance(value, str) else value
        for field, value in {"name": name, **address}.items()
    }
    if not facts["name"]:
        raise LocationNameMissing()
    facts["time_zone"] = facts.get("time_zone") or time_zone_of(str(facts["postal_code"]))
    _refuse_unknown_time_zone(str(facts["time_zone"]), name=str(facts["name"]))
    return facts


def _free_slug(operator: Operator, name: str) -> str:
    """Will return an address that no other location has, also where a name has no Latin letter."""
    wanted = slugify(name) or "location"
    taken = set(
        Location.objects.filter(operator=operator, slug__startswith=wanted).values_list(
            "slug", flat=True
        )
    )
    numbered = (f"{wanted}-{count}" for count in range(2, len(taken) + 3))
    return next(slug for slug in (wanted, *numbered) if slug not in taken)


def check_calendar_and_format(*, time_zone: str, locale: str) -> None:
    """Will refuse a time zone or locale that nothing could be shown in.

    Raises TimeZoneUnknown or LocaleUnknown.
    """
    _refuse_unknown_time_zone(time_zone, name=time_zone)
    try:
        Locale.parse(locale)
    except (UnknownLocaleError, ValueError) as error:
        raise LocaleUnknown(locale=locale) from error


def _set(row: Operator | Location, facts: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Will save what differs of a row and return it as field: [before, after]."""
    changes = {
        field: [getattr(row, field), value]
        for field, value in facts.items()
        if getattr(row, field) != value
    }
    for field, (_, value) in changes.items():
        setattr(row, field, value)
    if changes:
        row.save(update_fields=list(changes))
    return changes


def _refuse_unknown_time_zone(time_zone: str, *, name: str) -> None:
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise TimeZoneUnknown(name=name) from error


@transaction.atomic
def add_staff(
    operator: Operator, *, email: str, name: str, role: Role, at: datetime, by: User | None
) -> Staff:
    """Will give a person a role at an operator, making his account where he has none.

    Raises AlreadyStaff.
    """
    email = email.strip().lower()
    user = User.objects.filter(email=email).first()
    user = user or invite(email, name=name)
    with refusing({"person_is_staff_of_an_operator_once": AlreadyStaff(email=email)}):
        staff = Staff.objects.create(operator=operator, user=user, role=role, since_at=at)
    record("staff.added", staff, by=by, at=at, facts={"email": email, "role": role})
    return staff


def invite(email: str, *, name: str) -> User:
    """Will make an account that its owner opens by the link to set a password, in his mail."""
    user = User.objects.create_user(email, name=tidy(name))
    # The address is proven by that link; unproven ones may not add a second factor.
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


@transaction.atomic
def change_role(staff: Staff, *, role: Role, at: datetime, by: User) -> Staff:
    """Will change what somebody may do. Raises NotStaff or LastOwner."""
    staff = _held(staff, still_owner=role == Role.OWNER)
    if staff.role != role:
        before, staff.role = staff.role, role
        staff.save(update_fields=["role"])
        record("staff.changed", staff, by=by, at=at, facts={"role": [before, role]})
    return staff


@transaction.atomic
def remove_staff(staff: Staff, *, at: datetime, by: User) -> None:
    """Will end somebody's place at an operator; his account stays.

    Raises NotStaff or LastOwner.
    """
    staff = _held(staff, still_owner=False)
    record("staff.removed", staff, by=by, at=at, facts={"email": staff.user.email})
    staff.delete()


def _held(staff: Staff, *, still_owner: bool) -> Staff:
    """Will return somebody's place as it is now, held together with those of all owners.

    Held in one statement and one order, so that two owners who end each other's place neither
    both succeed nor wait for each other. Raises NotStaff or LastOwner.
    """
    held = list(
        Staff.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(Q(role=Role.OWNER) | Q(pk=staff.pk), operator_id=staff.operator_id)
        .order_by("pk")
    )
    his = next((it for it in held if it.pk == staff.pk), None)
    if his is None:
        raise NotStaff(name=str(staff.user))
    owners = [it for it in held if it.role == Role.OWNER]
    if owners == [his] and not still_owner:
        raise LastOwner(name=str(his.user))
    return his
