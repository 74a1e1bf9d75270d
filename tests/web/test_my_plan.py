"""My plan and other plans: for the customer whose link it is, and for nobody else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.core.signing import Signer
from django.test import Client

from postroom.base.tenancy import as_operator
from postroom.demo.cast import BRONZE, House
from postroom.domain.plans.services import Offer, Service
from postroom.domain.plans.terms import Allowance, Terms
from postroom.domain.subscriptions.signed_links import (
    SALT,
    my_plan_token,
    my_plan_url,
    read_my_plan_token,
)
from tests.conftest import AT
from tests.web.shelf import INTERNAL_ONLY, add, join, location, make_legacy, read, say

NOW = datetime.now(UTC)


def link(house: House, who: str = "ana", at: datetime = NOW) -> str:
    return my_plan_url(house.subscriptions[who], at)


def test_customer_sees_what_he_has(harbor: House, client: Client) -> None:
    page = read(client, link(harbor, "cy"))
    assert "Cy Castellanos" in page and "#102" in page
    assert "$109.99 a year" in page and "Version 1, billed annual" in page
    assert "Jan 13, 2026 to Jan 12, 2027" in page and "Jan 13, 2027" in page


def test_other_plans_are_compared_for_my_cycle(harbor: House, client: Client) -> None:
    silver = replace(
        BRONZE,
        rates={1: 1999, 12: 9999},
        allowances=BRONZE.allowances
        | {
            Service.INCOMING_MAIL: Allowance(Offer.RESTRICTED, 20, 1, 35),
            Service.CHECK_DEPOSIT: Allowance(Offer.RESTRICTED, 2, 1, 300),
        },
    )
    add(harbor, "Silver", silver)
    (beside,) = client.get(link(harbor, "cy")).context["others"]
    other = beside.other
    assert (other.rate, other.for_my_cycle) == ("$99.99 a year", True)
    assert {heading: [it[:3] for it in found] for heading, found in other.differences} == {
        "Better": [("Annual rate", "$109.99 a year", "$99.99 a year")],
        "Worse": [("Incoming mail items, allowance", "30", "20")],
        "Also different": [
            ("Check deposit", "Not offered", "2 check deposits a month, then $3.00 each")
        ],
    }


def test_plan_without_my_cycle_says_so(harbor: House, client: Client) -> None:
    add(harbor, "Monthly only", Terms(rates={1: 500}))
    assert "Not sold with your billing cycle, which is annual." in read(client, link(harbor, "cy"))


def test_legacy_plan_shows_for_its_customer_alone(harbor: House, client: Client) -> None:
    make_legacy(harbor)
    page = read(client, link(harbor))
    assert "Bronze Legacy" in page and "$9.99 a month" in page
    assert "$12.99 a month" in page, "the new Bronze stands beside it"
    for public in (join(harbor), location(harbor)):
        assert "Legacy" not in read(client, public)


def test_only_plans_of_my_location_on_signup_are_beside_mine(
    harbor: House, make_house: Callable[..., House], client: Client
) -> None:
    add(harbor, "Hidden", **INTERNAL_ONLY)
    add(harbor, "Web only", signup=False)
    add(harbor, "Elsewhere", locations=frozenset({harbor.locations[1].pk}))
    add(make_house("Neighbor Post"), "Foreign")
    page = read(client, link(harbor))
    for name in ("Hidden", "Web only", "Elsewhere", "Foreign"):
        assert name not in page
    assert "There is no other plan at the moment" in page


def test_retired_plan_still_shows_to_those_on_it(harbor: House, client: Client) -> None:
    say(harbor, harbor.bronze, internal=False, signup=False, lead_gen=False)
    assert "Bronze" in read(client, link(harbor))


def test_link_is_good_for_sixty_days(harbor: House, client: Client) -> None:
    # Midnight may have passed since this file was read.
    now = datetime.now(UTC)
    read(client, link(harbor, at=now - timedelta(days=60)))
    read(client, link(harbor, at=now - timedelta(days=61)), 404)


@pytest.mark.parametrize("kind", ["torn", "changed", "other salt", "other shape", "nonsense"])
def test_bad_links_all_read_the_same(harbor: House, client: Client, kind: str) -> None:
    good = my_plan_token(harbor.subscriptions["ana"], NOW)
    facts = [harbor.operator.pk, harbor.subscriptions["ana"].pk, NOW.date().toordinal()]
    bad = {
        "torn": good[:-3],
        "changed": "A" + good[1:],
        "other salt": Signer(salt="else").sign_object(facts),
        "other shape": Signer(salt=SALT).sign_object({"so": "what"}),
        "nonsense": "x",
    }[kind]
    expired = client.get(link(harbor, at=NOW - timedelta(days=99)))
    answer = client.get(f"/my-plan/{bad}/")
    assert (answer.status_code, answer.content) == (404, expired.content)


def test_link_cannot_be_turned_on_a_neighbour(
    harbor: House, make_house: Callable[..., House], client: Client
) -> None:
    neighbor = make_house("Neighbor Post")
    crossed = [harbor.operator.pk, neighbor.subscriptions["ana"].pk, NOW.date().toordinal()]
    read(client, f"/my-plan/{Signer(salt=SALT).sign_object(crossed)}/", 404)


def test_link_ends_with_the_subscription(harbor: House, client: Client) -> None:
    ana = harbor.subscriptions["ana"]
    with as_operator(harbor.operator.pk):
        ana.closes_on = (NOW - timedelta(days=2)).date()
        ana.save(update_fields=["closes_on"])
    read(client, link(harbor), 404)


def test_page_is_kept_by_nobody(harbor: House, client: Client) -> None:
    answer = client.get(link(harbor))
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert not answer.cookies


def test_links_of_one_day_are_one(harbor: House) -> None:
    ana = harbor.subscriptions["ana"]
    assert my_plan_token(ana, AT) == my_plan_token(ana, AT + timedelta(hours=2))
    holder = read_my_plan_token(my_plan_token(ana, AT), AT)
    assert holder is not None
    assert (holder.operator_id, holder.subscription_id) == (harbor.operator.pk, ana.pk)
