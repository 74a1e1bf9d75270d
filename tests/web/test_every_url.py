"""Every address of the desk, as a neighbour, in each role, and as nobody."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from postroom.base.tenancy import as_operator
from postroom.demo.cast import BRONZE, House
from postroom.domain.billing.models import BillingRun, Charge, Invoice, Payment
from postroom.domain.customers.models import Mailbox, MailboxState
from postroom.domain.moving_in.models import MovingIn
from postroom.domain.notices.models import Announcement, Envelope
from postroom.domain.operators.models import Photo, Role, Staff
from postroom.domain.operators.permissions import May, allows
from postroom.domain.plan_changes.models import Outcome, PlanChange, PlanImport, Sheet
from postroom.domain.plans.actions import keep_draft
from postroom.domain.plans.models import Draft
from postroom.domain.proof.models import Proof
from postroom.domain.signups.models import Signup
from postroom.domain.subscriptions.models import Clearance, Lead, Switch
from postroom.domain.usage.models import UsageEntry
from tests.conftest import AT, ON
from tests.everything import fill

#: Made by others, who say themselves whom they let in.
THIRD_PARTIES = ("admin/", "accounts/")
#: The front page, the same for everybody.
FOR_ALL = {"home"}
#: What somebody who is let in may get: a page, a way on, or his form sent back.
LET_IN = {200, 302, 303, 400, 409, 422}


def addresses(
    patterns: list[URLPattern | URLResolver], before: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Will walk the addresses of the product, without those of third parties."""
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if here.startswith(THIRD_PARTIES):
            continue
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, here)
        else:
            yield here, pattern


EVERY = list(addresses(get_resolver().url_patterns))
DESK = [pattern for here, pattern in EVERY if here.startswith("desk/<slug:slug>/")]

#: What stands for each part of an address.
Rows = dict[str, int | str]


def samples(house: House) -> Rows:
    """Will name a row of the house for each part of an address."""
    return {
        "location_id": house.locations[0].pk,
        "lead_id": Lead.objects.earliest("id").pk,
        "photo_id": Photo.objects.earliest("id").pk,
        "staff_id": Staff.objects.get(role=Role.VIEWER).pk,
        "customer_id": house.customers["ana"].pk,
        "mailbox_id": Mailbox.objects.filter(state=MailboxState.AVAILABLE).earliest("id").pk,
        "subscription_id": house.subscriptions["ana"].pk,
        "clearance_id": Clearance.objects.filter(subscription=house.subscriptions["bo"]).get().pk,
        "plan_id": house.bronze.pk,
        "draft_id": Draft.objects.earliest("id").pk,
        "change_id": PlanChange.objects.earliest("id").pk,
        "outcome": Outcome.UNDELIVERABLE.value,
        "sheet_id": Sheet.objects.earliest("id").pk,
        "import_id": PlanImport.objects.earliest("id").pk,
        "entry_id": UsageEntry.objects.earliest("id").pk,
        "switch_id": Switch.objects.earliest("id").pk,
        "charge_id": Charge.objects.earliest("id").pk,
        "run_id": BillingRun.objects.earliest("id").pk,
        "proof_id": Proof.objects.earliest("id").pk,
        "number": Invoice.objects.latest("number").number,
        "payment_id": Payment.objects.earliest("id").pk,
        "announcement_id": Announcement.objects.earliest("id").pk,
        "moving_id": MovingIn.objects.earliest("id").pk,
        "signup_id": Signup.objects.earliest("id").pk,
        "envelope_id": Envelope.objects.earliest("id").pk,
    }


def address(pattern: URLPattern, slug: str, known: Rows) -> str:
    """Will fill in an address; a number of a new name has to be added to the samples."""
    unknown = set(pattern.pattern.converters) - set(known)
    assert not unknown, f"add {unknown} of “{pattern.name}” to the samples of this test"
    numbers = {name: known[name] for name in pattern.pattern.converters}
    return reverse(f"desk:{pattern.name}", kwargs={"slug": slug, **numbers})


@pytest.fixture
def rows(harbor: House) -> Rows:
    """A row of Harbor's for each number, everybody there having a draft of their own."""
    with as_operator(harbor.operator.pk):
        fill(harbor, at=AT, on=ON)
        for staff in Staff.objects.select_related("user"):
            keep_draft(harbor.bronze, terms=BRONZE, changed_from=2, reason="", by=staff.user, at=AT)
        return samples(harbor)


def statuses(
    client: Client, method: str, slug: str, rows: Rows, patterns: list[URLPattern]
) -> dict[str, int]:
    """Will ask for each address and take back whatever that changed.

    What only takes forms tells everybody so before it looks at anything, and is left out.
    """
    found = {}
    for pattern in patterns:
        with transaction.atomic():
            response: Any = getattr(client, method)(address(pattern, slug, rows))
            transaction.set_rollback(True)
        if response.status_code != 405:
            found[str(pattern.name)] = response.status_code
    assert len(found) > len(patterns) / 2
    return found


def signed_in(user: Any) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="postroom.domain.users.signing_in.SigningIn")
    return client


def test_every_view_says_whom_it_is_for() -> None:
    silent = [
        here
        for here, pattern in EVERY
        if not getattr(pattern.callback, "access", None) and pattern.name not in FOR_ALL
    ]
    assert silent == []
    assert DESK
    assert all(isinstance(pattern.callback.access, May) for pattern in DESK)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_neighbour_finds_nothing(
    harbor: House, make_house: Callable[..., House], rows: Rows, method: str
) -> None:
    neighbour = make_house("Neighbor Post")
    client = signed_in(neighbour.owner)
    found = statuses(client, method, harbor.operator.slug, rows, DESK)
    assert {name: it for name, it in found.items() if it != 404} == {}


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_neighbour_finds_none_of_our_rows_at_home(
    harbor: House, make_house: Callable[..., House], rows: Rows, method: str
) -> None:
    neighbour = make_house("Neighbor Post")
    numbered = [pattern for pattern in DESK if pattern.pattern.converters]
    client = signed_in(neighbour.owner)
    found = statuses(client, method, neighbour.operator.slug, rows, numbered)
    assert {name: it for name, it in found.items() if it != 404} == {}


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", list(Role))
def test_each_role_gets_what_its_permissions_say(
    harbor: House, rows: Rows, role: Role, method: str
) -> None:
    with as_operator(harbor.operator.pk):
        user = Staff.objects.select_related("user").get(role=role).user
    found = statuses(signed_in(user), method, harbor.operator.slug, rows, DESK)
    wrong = {}
    for pattern in (it for it in DESK if it.name in found):
        needs = pattern.callback.access if method == "get" else pattern.callback.to_write
        status = found[str(pattern.name)]
        if status not in (LET_IN if allows(role, needs) else {403}):
            wrong[pattern.name] = status
    assert wrong == {}


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_is_sent_to_the_door(harbor: House, rows: Rows, method: str) -> None:
    for pattern in DESK:
        here = address(pattern, harbor.operator.slug, rows)
        response = getattr(Client(), method)(here)
        if response.status_code != 405:
            assert response.status_code == 302
            assert response.url == f"{reverse('account_login')}?next={here}"


def test_someone_whose_place_is_gone_finds_nothing(harbor: House, rows: Rows) -> None:
    with as_operator(harbor.operator.pk):
        viewer = Staff.objects.select_related("user").get(role=Role.VIEWER)
        user = viewer.user
        viewer.delete()
    found = statuses(signed_in(user), "get", harbor.operator.slug, rows, DESK)
    assert set(found.values()) == {404}
