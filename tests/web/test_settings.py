"""Settings: the operator, its locations and its staff."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from postroom.demo.cast import House
from postroom.domain.events.models import Event
from postroom.domain.operators.actions import NotStaff, change_role, remove_staff
from postroom.domain.operators.models import Location, Staff
from postroom.domain.operators.permissions import Role
from tests.conftest import AT
from tests.web.desk_pages import Desk, page

HARBOR = {
    "name": "Harbor Mail",
    "service_email": "Service@harbor.example",
    "time_zone": "America/Chicago",
    "locale": "de_DE",
}
PIER = {
    "name": "Pier 9",
    "reserve_at_least": "10",
    "street": "9 Pier St",
    "city": "New York",
    "state": "NY",
    "postal_code": "10001",
    "country": "US",
}


def test_only_an_owner_comes_in(in_harbor: House) -> None:
    for role in (Role.MANAGER, Role.CLERK, Role.VIEWER):
        desk = Desk(in_harbor, role)
        for name in ("settings", "settings_locations", "settings_staff", "staff_new"):
            assert desk.get(name).status_code == 403
        assert desk.post("location_new", **PIER).status_code == 403


def test_the_operator_is_changed(in_harbor: House) -> None:
    assert Desk(in_harbor).post("settings", **HARBOR).status_code == 302
    in_harbor.operator.refresh_from_db()
    assert in_harbor.operator.service_email == "service@harbor.example"
    assert in_harbor.operator.locale == "de_DE"
    event = Event.objects.get(act="operator.changed")
    assert event.facts["time_zone"] == ["America/New_York", "America/Chicago"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "\x00"),
        ("service_email", "nobody"),
        ("time_zone", "Mars/Olympus"),
        ("locale", "xx_XX"),
    ],
)
def test_a_bad_operator_is_refused(in_harbor: House, field: str, value: str) -> None:
    answer = Desk(in_harbor).post("settings", **HARBOR | {field: value})
    page(answer, 422)
    assert field in answer.context["form"].errors


def test_slug_and_currency_stay(in_harbor: House) -> None:
    slug = in_harbor.operator.slug
    Desk(in_harbor).post("settings", **HARBOR, slug="other", currency="EUR")
    in_harbor.operator.refresh_from_db()
    assert (in_harbor.operator.slug, in_harbor.operator.currency) == (slug, "USD")


def test_a_location_is_added_and_changed(in_harbor: House) -> None:
    desk = Desk(in_harbor)
    assert desk.post("location_new", **PIER, listed="on").status_code == 302
    pier = Location.objects.get(name="Pier 9")
    assert (pier.time_zone, pier.listed) == ("America/New_York", True)
    assert desk.post("location_edit", pier.pk, **PIER | {"city": "Boston"}).status_code == 302
    pier.refresh_from_db()
    assert (pier.city, pier.listed, pier.slug) == ("Boston", False, "pier-9")
    changed = Event.objects.get(act="location.changed").facts
    assert changed == {"city": ["New York", "Boston"], "listed": [True, False]}
    assert "Not listed" in desk.text("settings_locations", q="pier")


def test_every_location_has_an_address_of_its_own(in_harbor: House) -> None:
    desk = Desk(in_harbor)
    names = ["Pier 9", "Pier (9)", "東京", "大阪"]
    for name in names:
        assert desk.post("location_new", **PIER | {"name": name}).status_code == 302
    slugs = [Location.objects.get(name=name).slug for name in names]
    assert slugs == ["pier-9", "pier-9-2", "location", "location-2"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": "brooklyn - henry st"}, "name"),
        ({"name": ""}, "name"),
        ({"postal_code": "00000"}, "time_zone"),
        ({"street": "\x00"}, "street"),
    ],
)
def test_a_bad_location_is_refused(in_harbor: House, typed: dict[str, str], field: str) -> None:
    desk = Desk(in_harbor)
    other = in_harbor.locations[1].pk
    for answer in (
        desk.post("location_new", **PIER | typed),
        desk.post("location_edit", other, **PIER | typed),
    ):
        page(answer, 422)
        assert field in answer.context["form"].errors


def add(desk: Desk, **changes: Any) -> Any:
    typed = {"email": "New@harbor.example", "name": "Nell New", "role": "clerk"}
    return desk.post("staff_new", **typed | changes)


def test_somebody_is_added_and_gets_a_link(
    in_harbor: House, django_capture_on_commit_callbacks: Any
) -> None:
    desk = Desk(in_harbor)
    with django_capture_on_commit_callbacks(execute=True):
        assert add(desk).status_code == 302
    assert Staff.objects.get(user__email="new@harbor.example").role == Role.CLERK
    (sent,) = mail.outbox
    assert sent.to == ["new@harbor.example"]
    assert "/accounts/password/reset/key/" in sent.body
    assert "Nell New" in desk.text("settings_staff")


def test_the_link_of_the_mail_sets_a_password_and_leads_to_the_desk(
    in_harbor: House, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        add(Desk(in_harbor))
    (sent,) = mail.outbox
    assert sent.subject == "Choose your password for Postroom"
    assert "testserver!" not in sent.body
    newcomer, (link,) = Client(), re.findall(r"http://testserver(/\S+)", sent.body)
    form = newcomer.get(link).url
    twice = dict.fromkeys(("password1", "password2"), "Nine grey herons")
    assert "at least 10 characters" in page(newcomer.post(form, dict.fromkeys(twice, "short")))
    done = page(newcomer.post(form, twice, follow=True))
    assert f'href="{reverse("account_login")}"' in done
    typed = {"login": "new@harbor.example", "password": "Nine grey herons"}
    desk = newcomer.post(reverse("account_login"), typed, follow=True)
    assert desk.redirect_chain[-1][0] == f"/desk/{in_harbor.operator.slug}/"
    assert "This link does not work" in page(Client().get(link))


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"email": "clerk@{slug}.example"}, "email"),
        ({"email": "nobody"}, "email"),
        ({"name": ""}, "name"),
        ({"role": "king"}, "role"),
    ],
)
def test_a_bad_addition_is_refused(in_harbor: House, typed: dict[str, str], field: str) -> None:
    slug = in_harbor.operator.slug
    answer = add(Desk(in_harbor), **{it: text.format(slug=slug) for it, text in typed.items()})
    page(answer, 422)
    assert field in answer.context["form"].errors
    assert Staff.objects.count() == 4


def test_a_role_is_changed_and_a_place_ended(in_harbor: House) -> None:
    desk = Desk(in_harbor)
    clerk = Staff.objects.get(role=Role.CLERK)
    assert desk.post("staff_role", clerk.pk, role="viewer").status_code == 302
    clerk.refresh_from_db()
    assert clerk.role == Role.VIEWER
    assert "can then no longer see" in desk.text("staff_remove", clerk.pk)
    assert Staff.objects.filter(pk=clerk.pk).exists(), "asking removes nobody"
    assert desk.post("staff_remove", clerk.pk).status_code == 302
    assert not Staff.objects.filter(pk=clerk.pk).exists()


def test_the_same_role_again_is_no_change(in_harbor: House) -> None:
    clerk = Staff.objects.get(role=Role.CLERK)
    assert Desk(in_harbor).post("staff_role", clerk.pk, role="clerk").status_code == 302
    assert not Event.objects.filter(act="staff.changed").exists()


def test_who_left_meanwhile_is_not_removed_twice(in_harbor: House) -> None:
    clerk = Staff.objects.select_related("user").get(role=Role.CLERK)
    remove_staff(clerk, by=in_harbor.owner, at=AT)
    with pytest.raises(NotStaff):
        remove_staff(clerk, by=in_harbor.owner, at=AT)
    with pytest.raises(NotStaff):
        change_role(clerk, role=Role.VIEWER, by=in_harbor.owner, at=AT)
    assert Event.objects.filter(act="staff.removed").count() == 1


def test_the_last_owner_stays(in_harbor: House) -> None:
    desk = Desk(in_harbor)
    owner = Staff.objects.get(role=Role.OWNER)
    assert "last owner" in page(desk.post("staff_role", owner.pk, role="clerk"), 422)
    assert "last owner" in page(desk.post("staff_remove", owner.pk), 422)
    owner.refresh_from_db()
    assert owner.role == Role.OWNER


def test_a_neighbours_staff_is_not_there(in_harbor: House, make_house: Any) -> None:
    make_house("Neighbor Post")
    desk = Desk(in_harbor)
    last = Staff.objects.order_by("-pk").first()
    assert last is not None
    assert desk.get("staff_role", last.pk + 1).status_code == 404
