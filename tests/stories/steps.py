"""Steps that stories share, in the operator's words, and the eyes of everybody else."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.test import Client
from django.utils.html import strip_tags
from playwright.sync_api import Page, expect

from postroom.base.periods import local_day
from postroom.base.tenancy import as_operator
from postroom.demo.cast import House
from postroom.domain.subscriptions.signed_links import my_plan_url
from postroom.domain.users.models import User

BACKEND = "postroom.domain.users.signing_in.SigningIn"


@dataclass(frozen=True)
class My:
    """What a story does beside clicking: sign in, look closely, and look through others' eyes."""

    sign_in: Callable[[Page, House], None]
    axe: Callable[[Page], None]
    snap: Callable[[Page, str], None]
    neighbour_owner: User

    def visitor(self, house: House, address: str = "") -> str:
        """Will return what a stranger reads on the signup page, following where it lands."""
        return _read(Client(), address or f"/join/{house.operator.slug}/")

    def directory(self, house: House) -> str:
        """Will return what a stranger reads on the first location's page of the directory."""
        location = house.locations[0]
        return _read(Client(), f"/locations/{house.operator.slug}/{location.slug}/")

    def customer(self, house: House, who: str) -> str:
        """Will return what a customer reads behind his signed link."""
        with as_operator(house.operator.pk):
            url = my_plan_url(house.subscriptions[who], at=datetime.now(UTC))
        return _read(Client(), url)

    def neighbour(self, house: House, address: str) -> int:
        """Will return the status that the neighbour's owner gets there."""
        client = Client()
        client.force_login(self.neighbour_owner, backend=BACKEND)
        return client.get(address).status_code


def open_plan(page: Page, house: House, name: str) -> None:
    """From your Dashboard go to Customers, click on Service Plans, select the plan."""
    page.goto(page.url.split("/desk/")[0] + f"/desk/{house.operator.slug}/")
    page.get_by_role("navigation").get_by_role("link", name="Customers", exact=True).first.click()
    page.get_by_role("link", name="Service Plans").click()
    page.get_by_role("table").get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def change(page: Page, label: str, typed: str) -> None:
    """Make the necessary changes."""
    # A field that must be filled in has a star behind its label.
    page.get_by_label(re.compile(rf"^\s*{re.escape(label)}\s*\*?\s*$")).fill(typed)


def update(page: Page, said: str) -> None:
    """Then hit Update on the bottom to save your changes."""
    page.get_by_role("button", name="Update").click()
    expect(page.get_by_role("status")).to_contain_text(said)


def today_of(house: House) -> date:
    """Will return today in the operator's calendar."""
    return local_day(datetime.now(UTC), house.operator.time_zone)


def _read(client: Client, address: str) -> str:
    response = client.get(address, follow=True)
    assert response.status_code in {200, 404}, (address, response.status_code)
    return " ".join(strip_tags(response.content.decode()).split())
