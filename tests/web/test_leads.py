"""“Get this plan”: kept once, with what was seen, and never of a plan that is gone."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from postroom.base.tenancy import as_operator
from postroom.demo.cast import House
from postroom.domain.plans.models import Plan
from postroom.domain.plans.queries import latest_version
from postroom.domain.subscriptions.models import Lead
from tests.solving import solved
from tests.web.shelf import INTERNAL_ONLY, add, join, location, make_legacy, say


def typed(house: House, plan: Plan, **other: str) -> dict[str, str]:
    """What a browser sends from a plan's page."""
    with as_operator(house.operator.pk):
        version = latest_version(plan).pk
    return {
        "name": "Vera Vogel",
        "email": "vera@example.com",
        "phone": "",
        "message": "May I move in on Monday?",
        "location": house.locations[0].slug,
        "version": str(version),
        "form": str(uuid4()),
        "altcha": solved(),
    } | other


def leads(house: House) -> list[Lead]:
    with as_operator(house.operator.pk):
        return list(Lead.objects.select_related("plan", "version", "location"))


def test_lead_keeps_plan_version_location_and_source(harbor: House, client: Client) -> None:
    here = join(harbor, harbor.bronze)
    sent = client.post(here, typed(harbor, harbor.bronze, phone="+1 212 555 0199"), follow=True)
    assert sent.redirect_chain == [(f"{here}thanks/", 302)]
    assert "Harbor Mail has your request for Bronze" in sent.content.decode()
    (lead,) = leads(harbor)
    assert (lead.plan, lead.version.number, lead.location) == (
        harbor.bronze,
        1,
        harbor.locations[0],
    )
    assert (lead.source, lead.name, lead.email) == ("signup", "Vera Vogel", "vera@example.com")
    assert (lead.phone, lead.message) == ("+1 212 555 0199", "May I move in on Monday?")


def test_lead_of_the_website_is_of_its_location(harbor: House, client: Client) -> None:
    here = f"{location(harbor, 1)}{harbor.bronze.link}/"
    form = typed(harbor, harbor.bronze)
    assert client.post(here, form).status_code == 302
    (lead,) = leads(harbor)
    assert (lead.source, lead.location) == ("lead_gen", harbor.locations[1])


def test_a_lead_from_the_operators_own_site(harbor: House, client: Client) -> None:
    here = join(harbor, harbor.bronze)
    page: Any = client.get(f"{here}?from=embed")
    came_from = str(page.context["form"]["came_from"].value())
    client.post(here, typed(harbor, harbor.bronze, came_from=came_from))
    client.post(here, typed(harbor, harbor.bronze, came_from="the moon"))
    assert sorted(it.source for it in leads(harbor)) == ["embed", "signup"]


def test_double_click_makes_one(harbor: House, client: Client) -> None:
    form = typed(harbor, harbor.bronze)
    for _ in range(2):
        assert client.post(join(harbor, harbor.bronze), form).status_code == 302
    assert len(leads(harbor)) == 1


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Enter your name."),
        ("name", "Ve\0ra", "Null characters are not allowed."),
        ("name", "Ve\x07ra", "There is a character in it that cannot be stored."),
        ("name", "v" * 121, "at most 120 characters"),
        ("email", "", "Enter your e-mail address."),
        ("email", "vera at home", "This is not an e-mail address."),
        ("phone", "5" * 41, "at most 40 characters"),
        ("message", "m" * 1001, "at most 1000 characters"),
        ("message", "m\x07", "There is a character in it that cannot be stored."),
        ("location", "", "Choose a location."),
        ("location", "the-moon", "This plan is not offered there."),
    ],
)
def test_bad_input_is_named_and_the_rest_is_kept(
    harbor: House, client: Client, field: str, value: str, sentence: str
) -> None:
    form = typed(harbor, harbor.bronze, **{field: value})
    answer = client.post(join(harbor, harbor.bronze), form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert form["form"] in page, "it is still the same form"
    for other in {"name", "email", "message"} - {field}:
        assert form[other] in page
    assert leads(harbor) == []


@pytest.mark.parametrize("hidden", [{"version": "x"}, {"version": ""}, {"form": "not-a-key"}])
def test_mangled_form_is_shown_again_and_can_be_sent(
    harbor: House, client: Client, hidden: dict[str, str]
) -> None:
    form = typed(harbor, harbor.bronze, **hidden)
    answer: Any = client.post(join(harbor, harbor.bronze), form)
    if answer.status_code == 302:
        assert len(leads(harbor)) == 1
        return
    shown = answer.context["form"]
    again = {name: shown[name].value() or "" for name in shown.fields} | {"altcha": solved()}
    assert again["name"] == "Vera Vogel"
    assert client.post(join(harbor, harbor.bronze), again).status_code == 302
    assert len(leads(harbor)) == 1


def test_stale_tab_sees_the_new_terms_beside_what_it_typed(harbor: House, client: Client) -> None:
    form = typed(harbor, harbor.bronze)
    make_legacy(harbor)
    answer: Any = client.post(join(harbor, harbor.bronze), form)
    page = answer.content.decode()
    assert "This plan has changed since you opened the page." in page
    assert "$12.99 a month" in page and "$9.99" not in page and "Legacy" not in page
    assert "Vera Vogel" in page and "May I move in on Monday?" in page
    assert leads(harbor) == []
    shown = answer.context["form"]
    again = {name: shown[name].value() or "" for name in shown.fields}
    assert client.post(join(harbor, harbor.bronze), again).status_code == 302
    (lead,) = leads(harbor)
    assert lead.plan.succeeded_by is None and lead.plan != harbor.bronze


def test_stale_tab_of_a_hidden_plan_sends_nothing(harbor: House, client: Client) -> None:
    gold = add(harbor, "Gold")
    form = typed(harbor, gold)
    say(harbor, gold, **INTERNAL_ONLY)
    answer = client.post(join(harbor, gold), form)
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "Gold" not in page and "$12.99" not in page
    assert "May I move in on Monday?" in page
    assert leads(harbor) == []


def test_plan_that_left_the_location_is_not_asked_for_there(harbor: House, client: Client) -> None:
    add(harbor, "Everywhere")
    form = typed(harbor, harbor.bronze)
    say(harbor, harbor.bronze, locations=frozenset({harbor.locations[1].pk}))
    gone = client.post(f"{location(harbor, 0)}{harbor.bronze.link}/", form)
    assert gone.status_code == 404
    assert leads(harbor) == []


def test_markup_in_a_name_stays_text(harbor: House, client: Client) -> None:
    form = typed(harbor, harbor.bronze, name="<script>x</script>", email="no")
    page = client.post(join(harbor, harbor.bronze), form).content.decode()
    assert "<script>x</script>" not in page and "&lt;script&gt;x" in page
