"""The plan's page: Update, its refusals, and that nothing typed is ever lost."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from postroom.base.tenancy import as_operator
from postroom.demo.cast import BRONZE, House
from postroom.domain.operators.models import Role
from postroom.domain.plan_changes.update import locked
from postroom.domain.plans.actions import publish_version
from postroom.domain.plans.models import Draft, Plan, PlanVersion
from tests.conftest import AT
from tests.web.plan_forms import address, colleague, desk_of, typed


def send(client: Client, house: House, **changes: Any) -> HttpResponse:
    """Will open Bronze, change these fields and hit Update."""
    page = client.get(address(house, f"{house.bronze.pk}/"))
    sent = typed(page.context["form"], **changes)
    return client.post(address(house, f"{house.bronze.pk}/"), sent)


def test_words_and_visibility_save_at_once(in_harbor: House) -> None:
    answer = send(desk_of(in_harbor), in_harbor, name="Bronze Plus", lead_gen=False)
    assert answer.status_code == 302
    plan = Plan.objects.get(pk=in_harbor.bronze.pk)
    assert (plan.name, plan.signup, plan.lead_gen) == ("Bronze Plus", True, False)
    assert PlanVersion.objects.filter(plan=plan).count() == 1


def test_terms_with_customers_on_the_plan_wait_for_the_answer(in_harbor: House) -> None:
    answer = send(desk_of(in_harbor), in_harbor, monthly_rate="12.99", name="Bronze 2")
    assert answer["Location"].endswith("/question/")
    assert Plan.objects.get(pk=in_harbor.bronze.pk).name == "Bronze 2"
    assert Draft.objects.get().terms["rates"]["1"] == 1299
    assert PlanVersion.objects.filter(plan=in_harbor.bronze).count() == 1


def test_nothing_changed_is_said(in_harbor: House) -> None:
    client = desk_of(in_harbor)
    answer = client.get(send(client, in_harbor)["Location"])
    assert "Nothing was changed." in answer.content.decode()
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"monthly_rate": "9,99"}, "“9,99” is not an amount of money. Write it like 9.99."),
        ({"monthly_rate": "-1"}, "An amount cannot be below zero."),
        ({"monthly_rate": "1e9"}, "“1e9” is not an amount of money."),
        ({"monthly_rate": "99999999999"}, "please check the zeros"),
        ({"monthly_rate": "9.999"}, "more than 2 decimal places"),
        ({"name": ""}, "Give the plan a name."),
        ({"name": "Bro\x00nze"}, "Null characters are not allowed."),
        ({"monthly_rate": "", "annual_rate": ""}, "Give the plan at least one rate"),
        ({"open_and_scan__limit": "ten"}, "Enter a whole number in digits, such as 10."),
        ({"open_and_scan__limit": ""}, "Enter how many are included"),
        ({"shred__extra_count": "0"}, "greater than or equal to 1"),
        ({"term0__months": "3"}, "Enter the rate for this term"),
        ({"term0__months": "12", "term0__rate": "5"}, "have their own fields above"),
        ({"letter__free_days": "", "letter__fee": "1"}, "Enter the days of free storage"),
    ],
)
def test_bad_input_gets_a_sentence_and_loses_nothing(
    in_harbor: House, changes: dict[str, str], sentence: str
) -> None:
    before = Plan.objects.get(pk=in_harbor.bronze.pk)
    answer = send(desk_of(in_harbor), in_harbor, **{"description": "Typed long.", **changes})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert "Typed long." in page
    for value in changes.values():
        assert not value or "\x00" in value or f'value="{value}"' in page
    assert Plan.objects.get(pk=before.pk).revision == before.revision


def test_a_name_is_taken_in_any_case(in_harbor: House) -> None:
    client = desk_of(in_harbor)
    client.post(address(in_harbor, f"{in_harbor.bronze.pk}/copy/"), {"form_key": uuid4()})
    answer = send(client, in_harbor, name="COPY OF BRONZE")
    assert answer.status_code == 422
    assert "You already have a plan named “COPY OF BRONZE”." in answer.content.decode()


def test_the_second_of_two_editors_sees_what_changed_and_loses_nothing(in_harbor: House) -> None:
    first, second = desk_of(in_harbor), desk_of(in_harbor, colleague(in_harbor, Role.MANAGER))
    opened = second.get(address(in_harbor, f"{in_harbor.bronze.pk}/")).context["form"]
    send(first, in_harbor, description="The first was faster.")
    sent = typed(opened, description="The second typed this.")
    answer = second.post(address(in_harbor, f"{in_harbor.bronze.pk}/"), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody else saved this plan while you had it open." in page
    assert "The first was faster." in page
    assert "The second typed this." in page

    again = typed(answer.context["form"])
    assert second.post(address(in_harbor, f"{in_harbor.bronze.pk}/"), again).status_code == 302
    assert locked(in_harbor.bronze).description == "The second typed this."


def test_ticked_locations_that_changed_meanwhile_are_named(in_harbor: House) -> None:
    first, second = desk_of(in_harbor), desk_of(in_harbor, colleague(in_harbor, Role.MANAGER))
    opened = second.get(address(in_harbor, f"{in_harbor.bronze.pk}/")).context["form"]
    place = in_harbor.locations[0]
    send(first, in_harbor, locations=[str(place.pk)])
    answer = second.post(address(in_harbor, f"{in_harbor.bronze.pk}/"), typed(opened))
    assert answer.context["since"] == [("Locations", "all", place.name)]


def test_a_double_click_on_copy_makes_one_copy(in_harbor: House) -> None:
    client, key = desk_of(in_harbor), uuid4()
    for _ in range(2):
        client.post(address(in_harbor, f"{in_harbor.bronze.pk}/copy/"), {"form_key": key})
    copy = Plan.objects.get(copied_from=in_harbor.bronze)
    assert (copy.name, copy.channels) == ("Copy of Bronze", ["internal"])
    client.post(address(in_harbor, f"{in_harbor.bronze.pk}/copy/"), {"form_key": uuid4()})
    assert Plan.objects.filter(name="Copy of Bronze (2)").exists()


def test_an_answer_sent_twice_is_given_once(in_harbor: House) -> None:
    client = desk_of(in_harbor)
    send(client, in_harbor, monthly_rate="12.99")
    for _ in range(2):
        answer = client.post(
            address(in_harbor, f"{in_harbor.bronze.pk}/question/no/"),
            {"legacy_name": "Bronze Legacy"},
        )
    assert "answered already" in client.get(answer["Location"]).content.decode()
    assert Plan.objects.count() == 2


def test_dates_in_the_past_are_refused_on_their_field(in_harbor: House) -> None:
    client = desk_of(in_harbor)
    send(client, in_harbor, monthly_rate="12.99")
    answer = client.post(
        address(in_harbor, f"{in_harbor.bronze.pk}/question/yes/"),
        {"sold_from": "2020-01-01", "existing_from": "2020-01-01"},
    )
    assert answer.status_code == 422
    assert "Choose today or a later day." in answer.content.decode()


def test_who_may_not_run_plans_sees_them_and_changes_nothing(in_harbor: House) -> None:
    viewer = desk_of(in_harbor, colleague(in_harbor, Role.VIEWER))
    page = viewer.get(address(in_harbor, f"{in_harbor.bronze.pk}/"))
    assert "Update</button>" not in page.content.decode()
    assert send(viewer, in_harbor, name="Mine").status_code == 403
    clerk = desk_of(in_harbor, colleague(in_harbor, Role.CLERK))
    assert clerk.get(address(in_harbor)).status_code == 403


def test_a_new_plan_is_made_once_by_a_form(in_harbor: House) -> None:
    client = desk_of(in_harbor)
    form = client.get(address(in_harbor, "new/")).context["form"]
    sent = typed(form, name="Silver", annual_rate="199.00", term0__months="3", term0__rate="60")
    for _ in range(2):
        assert client.post(address(in_harbor, "new/"), sent).status_code == 302
    silver = Plan.objects.get(name="Silver")
    rates = PlanVersion.objects.get(plan=silver).rates.values_list("months", "amount_minor")
    assert sorted(rates) == [(3, 6000), (12, 19900)]


def test_a_neighbours_plan_is_not_there(in_harbor: House, make_house: Any) -> None:
    neighbour = make_house("Neighbor Post")
    client = desk_of(neighbour)
    with as_operator(neighbour.operator.pk):
        assert client.get(address(in_harbor, f"{in_harbor.bronze.pk}/")).status_code == 404
        assert client.get(address(neighbour, f"{in_harbor.bronze.pk}/")).status_code == 404


def test_a_version_that_a_newer_one_overtakes_is_not_said_to_come(in_harbor: House) -> None:
    house, bronze, today = in_harbor, in_harbor.bronze, timezone.now().date()
    client, here = desk_of(house), address(house, f"{bronze.pk}/")
    for rate, days in ((1299, 14), (1199, -1)):
        publish_version(
            bronze,
            terms=replace(BRONZE, rates={1: rate}),
            sold_from=today + timedelta(days=days),
            existing_from=None,
            by=house.owner,
            at=AT,
        )
        shown = client.get(here).content.decode()
        assert ("Version 2 is sold from" in shown) is (days > 0)
    assert "version 3 on sale" in shown
    assert "Overtaken" in shown


def test_torn_hidden_fields_lose_nothing(in_harbor: House) -> None:
    client, here = desk_of(in_harbor), address(in_harbor, f"{in_harbor.bronze.pk}/")
    sent = typed(client.get(here).context["form"], description="Typed long.")
    torn = {"form_key": "zz", "seen_revision": "x", "seen_version": "9" * 30}
    answer = client.post(here, sent | torn)
    assert answer.status_code == 422
    assert "Somebody else saved this plan" in answer.content.decode()
    again = typed(answer.context["form"])
    assert client.post(here, again).status_code == 302
    assert Plan.objects.get(pk=in_harbor.bronze.pk).description == "Typed long."
