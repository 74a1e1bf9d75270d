"""The plan's form as a browser would send it back."""

from typing import Any

from django.forms import CheckboxInput
from django.test import Client

from postroom.demo.cast import House
from postroom.domain.operators.models import Role, Staff
from postroom.domain.users.models import User
from postroom.web.desk.plans.forms import PlanForm

BACKEND = "postroom.domain.users.signing_in.SigningIn"


def desk_of(house: House, user: User | None = None) -> Client:
    """Will return a client with the owner, or somebody else, signed in."""
    client = Client()
    client.force_login(user or house.owner, backend=BACKEND)
    return client


def colleague(house: House, role: Role) -> User:
    """Will return the member of staff with that role."""
    return Staff.objects.select_related("user").get(role=role).user


def address(house: House, rest: str = "") -> str:
    return f"/desk/{house.operator.slug}/customers/plans/{rest}"


def typed(form: PlanForm, **changes: Any) -> dict[str, Any]:
    """Will return what the browser sends for a form as it was shown, with these changes.

    Fields with a prefix are written ``open_and_scan__limit``.
    """
    sent: dict[str, Any] = {}
    for part in form:
        for bound in part:
            value = bound.value()
            if isinstance(bound.field.widget, CheckboxInput):
                if value:
                    sent[bound.html_name] = "on"
            elif value is not None:
                sent[bound.html_name] = value
    for name, value in changes.items():
        sent.pop(name, None)
        if value is not False:
            sent[name.replace("__", "-")] = value
    return sent


def say_yes(client: Client, house: House, plan_id: int, **facts: Any) -> Any:
    """Will choose on the question's page, have it worked out, and say YES to what it shows."""
    shown = client.post(address(house, f"{plan_id}/question/"), facts)
    assert shown.status_code == 200, shown.context["yes_form"].errors
    seen = shown.context["sheet"].fingerprint
    return client.post(address(house, f"{plan_id}/question/yes/"), {"seen": seen} | facts)
