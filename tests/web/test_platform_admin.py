"""The platform staff's admin: opens operators with their first owner, in the platform's scope."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from postroom.base.tenancy import as_operator, as_platform
from postroom.demo.cast import House
from postroom.domain.events.models import Event
from postroom.domain.notices.models import NoticeRule
from postroom.domain.operators.models import Operator, Role, Staff
from postroom.domain.users.models import User

NEW = {
    "name": "New Post",
    "slug": "new-post",
    "currency": "USD",
    "locale": "en_US",
    "time_zone": "America/New_York",
    "service_email": "",
    "owner_email": "Olga@new.example",
    "owner_name": "Olga Owner",
}
OPENS = "admin:operators_operator_add"


@pytest.fixture
def platform(db: None) -> Client:
    """A member of the platform's staff, not a superuser, signed in."""
    user = User.objects.create_user("platform@postroom.example", is_staff=True)
    client = Client()
    client.force_login(user, backend="postroom.domain.users.signing_in.SigningIn")
    return client


def test_an_operator_is_opened_with_its_owner(platform: Client) -> None:
    answer = platform.post(reverse(OPENS), NEW)
    assert answer.status_code == 302
    with as_platform():
        operator = Operator.objects.get(slug="new-post")
    with as_operator(operator.pk):
        owner = Staff.objects.select_related("user").get()
    assert (owner.user.email, owner.user.name, owner.role) == (
        "olga@new.example",
        "Olga Owner",
        Role.OWNER,
    )


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"slug": "Bad Slug"}, "slug"),
        ({"name": ""}, "name"),
        ({"owner_email": "nobody"}, "owner_email"),
        ({"slug": "{slug}"}, "slug"),
        ({"currency": "XYZ"}, "currency"),
        ({"locale": "xx_XX"}, "locale"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
    ],
)
def test_a_bad_operator_is_refused(
    platform: Client, harbor: House, typed: dict[str, str], field: str
) -> None:
    sent = {it: text.format(slug=harbor.operator.slug) for it, text in typed.items()}
    answer = platform.post(reverse(OPENS), NEW | sent)
    assert answer.status_code == 200
    assert field in answer.context["adminform"].form.errors
    with as_platform():
        assert not Operator.objects.filter(slug="new-post").exists()


def test_staff_are_added_once(platform: Client, harbor: House) -> None:
    url = reverse("admin:operators_staff_add")
    sent = {"operator": harbor.operator.pk, "email": "b@c.example", "name": "B", "role": "owner"}
    assert platform.post(url, sent).status_code == 302
    again = platform.post(url, sent)
    assert "already works here" in again.content.decode()


def test_every_operator_is_seen(platform: Client, harbor: House, make_house: Any) -> None:
    make_house("Neighbor Post")
    text = platform.get(reverse("admin:operators_operator_changelist")).content.decode()
    assert "Harbor Mail" in text
    assert "Neighbor Post" in text
    for name in ("operators_staff", "operators_location", "users_user"):
        assert platform.get(reverse(f"admin:{name}_changelist")).status_code == 200


def test_an_operator_is_changed_and_never_deleted(platform: Client, harbor: House) -> None:
    pk = harbor.operator.pk
    change = reverse("admin:operators_operator_change", args=[pk])
    assert platform.post(change, NEW | {"name": "Harbour", "slug": "x"}).status_code == 302
    with as_platform():
        harbor.operator.refresh_from_db()
        event = Event.objects.get(act="operator.changed", operator_id=pk)
    assert event.facts["name"] == ["Harbor Mail", "Harbour"]
    assert harbor.operator.name == "Harbour"
    assert harbor.operator.slug != "x"
    assert platform.get(reverse("admin:operators_operator_delete", args=[pk])).status_code == 403


def test_nobody_else_comes_in(harbor: House) -> None:
    client = Client()
    index = reverse("admin:index")
    assert reverse("account_login") in client.get(index, follow=True).redirect_chain[-1][0]
    client.force_login(harbor.owner, backend="postroom.domain.users.signing_in.SigningIn")
    assert client.get(index, follow=True).status_code == 403


def test_platform_staff_are_strangers_at_the_desk(platform: Client, harbor: House) -> None:
    assert platform.get(reverse("desk:dashboard", args=[harbor.operator.slug])).status_code == 404


def test_somebody_who_works_nowhere_is_told(db: None) -> None:
    client = Client()
    user = User.objects.create_user("lost@people.example")
    client.force_login(user, backend="postroom.domain.users.signing_in.SigningIn")
    assert "works for no operator" in client.get(reverse("desk:home")).content.decode()


def test_no_package_shows_its_own_tables(harbor: House) -> None:
    """Not even to a superuser: second factors and jobs are not for reading."""
    client = Client()
    user = User.objects.create_superuser("root@postroom.example", "a-long-password")
    client.force_login(user, backend="postroom.domain.users.signing_in.SigningIn")
    shown = client.get(reverse("admin:index")).context["app_list"]
    models = {model["object_name"] for app in shown for model in app["models"]}
    assert models == {"User", "Operator", "Staff", "Location", "NoticeRule"}
    for hidden in ("mfa/authenticator", "account/emailaddress", "auth/group"):
        assert client.get(f"/admin/{hidden}/").status_code == 404


RULE = {
    "jurisdiction": "US-OR",
    "applies_to": "consumer contract",
    "what": "fee change",
    "least_days": "15",
    "most_days": "45",
    "source": "A bill of 2026",
    "certainty": "read in summaries",
    "in_force_from": "2026-12-01",
}


def test_the_rules_on_notice_are_kept(platform: Client) -> None:
    """A rule is added, its change is counted, and one that leaves no day is refused."""
    add = reverse("admin:notices_noticerule_add")
    assert platform.post(add, RULE).status_code == 302
    with as_platform():
        rule = NoticeRule.objects.get(jurisdiction="US-OR")
    change = reverse("admin:notices_noticerule_change", args=[rule.pk])
    assert platform.post(change, RULE | {"in_force_until": "2027-06-30"}).status_code == 302
    refused = platform.post(change, RULE | {"least_days": "46"})
    assert "The most days cannot be fewer than the least." in refused.content.decode()
    with as_platform():
        rule.refresh_from_db()
    assert (rule.revision, rule.least_days, rule.in_force_until) == (2, 15, date(2027, 6, 30))
