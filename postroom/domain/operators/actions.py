"""Opening an operator, its locations and its staff."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import zipcodes
from django.db import transaction
from django.utils.text import slugify

from postroom.base.refusals import Refused, refusing
from postroom.base.text import tidy
from postroom.domain.events.actions import record
from postroom.domain.operators.models import Location, Operator, Role, Staff
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


class AlreadyStaff(Refused):
    """{email} already works here. Change the role in the list instead."""

    field = "email"


class LastOwner(Refused):
    """{name} is the last owner. Make somebody else an owner first."""

    field = "role"


@transaction.atomic
def open_operator(*, name: str, slug: str, at: datetime, by: User | None, **facts: str) -> Operator:
    """Will open an operator. Works in the platform's scope. Raises OperatorSlugTaken."""
    with refusing({"operator_slug_is_unique": OperatorSlugTaken(slug=slug)}):
        return Operator.objects.create(name=tidy(name), slug=slug, opened_at=at, **facts)


@transaction.atomic
def add_location(
    operator: Operator, *, name: str, at: datetime, by: User | None, **address: str | bool
) -> Location:
    """Will add a location; its time zone is found from a US postal code where none is given.

    Raises LocationNameTaken or TimeZoneUnknown.
    """
    name = tidy(name)
    time_zone = str(address.pop("time_zone", "")) or time_zone_of(str(address["postal_code"]))
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise TimeZoneUnknown(name=name) from error
    taken = LocationNameTaken(name=name)
    with refusing(
        {
            "location_name_is_unique_for_its_operator": taken,
            "location_slug_is_unique_for_its_operator": taken,
        }
    ):
        location = Location.objects.create(
            operator=operator, name=name, slug=slugify(name), time_zone=time_zone, **address
        )
    record("location.added", location, by=by, at=at)
    return location


def time_zone_of(postal_code: str) -> str:
    """Will return the time zone of a US postal code, or an empty text where it is unknown."""
    code = postal_code.strip()[:5]
    found = zipcodes.matching(code) if code.isdigit() and len(code) == 5 else []  # type: ignore[no-untyped-call]
    return found[0]["timezone"] if found else ""


@transaction.atomic
def add_staff(
    operator: Operator, *, email: str, name: str, role: Role, at: datetime, by: User | None
) -> Staff:
    """Will give a person a role at an operator, making his account where he has none.

    Raises AlreadyStaff.
    """
    email = email.strip().lower()
    user = User.objects.filter(email=email).first()
    user = user or User.objects.create_user(email, name=tidy(name))
    with refusing({"person_is_staff_of_an_operator_once": AlreadyStaff(email=email)}):
        staff = Staff.objects.create(operator=operator, user=user, role=role, since_at=at)
    record("staff.added", staff, by=by, at=at, facts={"email": email, "role": role})
    return staff


@transaction.atomic
def change_role(staff: Staff, *, role: Role, at: datetime, by: User) -> Staff:
    """Will change what somebody may do. Raises LastOwner."""
    _refuse_if_last_owner(staff, still_owner=role == Role.OWNER)
    before, staff.role = staff.role, role
    staff.save(update_fields=["role"])
    record("staff.changed", staff, by=by, at=at, facts={"role": [before, role]})
    return staff


@transaction.atomic
def remove_staff(staff: Staff, *, at: datetime, by: User) -> None:
    """Will end somebody's place at an operator; his account stays. Raises LastOwner."""
    _refuse_if_last_owner(staff, still_owner=False)
    record("staff.removed", staff, by=by, at=at, facts={"email": staff.user.email})
    staff.delete()


def _refuse_if_last_owner(staff: Staff, *, still_owner: bool) -> None:
    owners = list(Staff.objects.select_for_update().filter(role=Role.OWNER))
    if staff in owners and len(owners) == 1 and not still_owner:
        raise LastOwner(name=str(staff.user))
