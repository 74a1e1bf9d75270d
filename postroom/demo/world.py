"""The demo's world: three operators, whoever works there, and who may sign in."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from postroom.base.refusals import Refused
from postroom.base.tenancy import as_platform
from postroom.demo.calendar import Calendar
from postroom.demo.harbor import open_harbor
from postroom.demo.leads import leave_leads
from postroom.demo.neighbors import open_neighbor, open_network
from postroom.demo.signups import sign_up
from postroom.domain.billing.running import bill_operator
from postroom.domain.operators.models import Operator
from postroom.domain.users.models import User

HARBOR, NEIGHBOR, PLATFORM = "harbor-demo", "neighbor-demo", "platform-demo"

#: Whom the demo opens, by their addresses.
OPERATORS = ("harbor", "neighbor", "network")

ACCOUNTS = (
    ("owner@harbor.example", HARBOR, "owner of Harbor Mail; may look at Neighbor Post too"),
    ("manager@harbor.example", HARBOR, "manager there"),
    ("clerk@harbor.example", HARBOR, "clerk there: mail, never money"),
    ("viewer@harbor.example", HARBOR, "viewer there: looks only"),
    ("owner@neighbor.example", NEIGHBOR, "owner of Neighbor Post"),
    ("platform@postroom.example", PLATFORM, "the platform's own staff"),
)
PAGES = (
    ("desk/harbor/", "Harbor Mail's desk"),
    ("join/harbor/", "where its visitors compare plans"),
    ("locations/", "the lead-gen website"),
    ("admin/", "the platform's desk"),
)


class NotADemo(Refused):
    """This is not a demo: the demo's accounts have published passwords. Set DEMO=1 for one."""


def load(*, now: datetime, say: Callable[[str], None]) -> bool:
    """Will make the demo's world if it is not there, all or nothing, and bill what is now due.

    Returns whether it was made. Raises NotADemo.
    """
    if not settings.DEMO:
        raise NotADemo()
    with as_platform():
        there = Operator.objects.filter(slug="harbor").exists()
    if not there:
        _make(now, say)
    with as_platform():
        operators = list(Operator.objects.filter(slug__in=OPERATORS))
    for operator in operators:
        for run in bill_operator(operator, at=now):
            say(f"Billed what {operator} had due by {run.on}: {run.invoices} invoices.")
    return not there


@transaction.atomic
def _make(now: datetime, say: Callable[[str], None]) -> None:
    calendar = Calendar(now.astimezone(ZoneInfo("America/New_York")).date())
    say("Opening Harbor Mail with its plans and customers")
    harbor = open_harbor(calendar, password=HARBOR)
    say("Leaving leads")
    leave_leads(harbor.operator, calendar)
    say("Signing up online")
    sign_up(harbor, now=now)
    say("Opening Neighbor Post")
    open_neighbor(calendar, password=NEIGHBOR, viewer=harbor.owner)
    say("Opening Street Address Network with 300 real locations")
    open_network(calendar, say=say)
    if not User.objects.filter(email="platform@postroom.example").exists():
        User.objects.create_superuser("platform@postroom.example", PLATFORM, name="Platform staff")


def accounts() -> str:
    """Will return the addresses and accounts of the demo, to be printed."""
    base = settings.BASE_URL
    lines = [f"  {base}/{page:<16}{what}" for page, what in PAGES]
    lines += ["", *(f"  {email:<27}{password:<15}{who}" for email, password, who in ACCOUNTS)]
    return "\n".join(lines)
