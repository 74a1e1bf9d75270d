"""Signing up by its pages, without JavaScript but for the puzzle: nothing is typed twice."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from postroom.base.tenancy import as_operator
from postroom.demo.cast import House
from postroom.domain.customers.models import Mailbox
from postroom.domain.plans.actions import publish_version
from postroom.domain.signups.cleaning import clean
from postroom.domain.signups.deciding import ask, refuse_signup
from postroom.domain.signups.models import Signup, SignupState
from postroom.domain.signups.signed_links import confirm_token, signup_token
from tests.conftest import AT, ON
from tests.signing_up import begun, confirmed, reserve_some, sent, state_of
from tests.solving import solved
from tests.web.shelf import DEARER, INTERNAL_ONLY, make_legacy, read, say

WHO = {
    "kind": "person",
    "name": "Nora Newcomer",
    "email": "nora@visitors.example",
    "phone": "",
    "street": "1 Elm St",
    "city": "Albany",
    "state": "NY",
    "postal_code": "12207",
    "country": "US",
    "recipients": "Max Newcomer\n\n  max  newcomer\nNora Newcomer",
}


@pytest.fixture(autouse=True)
def numbers(harbor: House) -> None:
    reserve_some(harbor)


def here(house: House, **chosen: object) -> str:
    """Will return the address of the first steps, with what is chosen so far."""
    words = {"location": house.locations[0].slug, "plan": house.bronze.link, "months": 1} | chosen
    query = "&".join(f"{name}={value}" for name, value in words.items() if value)
    return f"{reverse('signup:begin', args=[house.operator.slug])}?{query}"


def url(house: House, view: str, signup: Signup) -> str:
    return reverse(f"signup:{view}", args=[house.operator.slug, signup_token(signup)])


def typed_form(client: Client, house: House, **other: str) -> dict[str, str]:
    """What a browser sends that keeps number 201."""
    page: Any = client.get(here(house))
    version = str(page.context["form"]["version"].value())
    form = {"number": "201", "other": "", "version": version, "form_key": str(uuid4())}
    return form | {"altcha": solved()} | other


def only(house: House) -> Signup:
    with as_operator(house.operator.pk):
        return Signup.objects.select_related("mailbox").get()


def test_step_by_step(harbor: House, client: Client) -> None:
    places = read(client, here(harbor, location="", plan="", months=""))
    assert f"location={harbor.locations[0].slug}" in places
    plans = read(client, here(harbor, plan="", months=""))
    assert "$9.99 a month" in plans and "months=12" in plans
    kept = client.post(here(harbor), typed_form(client, harbor), follow=True)
    assert "Who are you?" in kept.content.decode()
    filled = client.post(kept.redirect_chain[-1][0], WHO, follow=True)
    page = filled.content.decode()
    assert "Check and agree" in page and "Max Newcomer" in page and "#201" in page
    version = filled.context["form"]["version"].value()
    done = client.post(
        filled.redirect_chain[-1][0], {"version": version, "agree": "on"}, follow=True
    )
    assert "We have written to <strong>nora@visitors.example" in done.content.decode()
    signup = only(harbor)
    assert (signup.state, signup.recipients) == (SignupState.TO_VERIFY, ["Max Newcomer"])
    assert "$9.99 a month, renewed every month" in signup.agreed_words


def test_what_cannot_be_had_looks_the_same(harbor: House, client: Client) -> None:
    begun(harbor, "202")
    pages = set()
    for number in ("100", "202", "139", "999", "7<b>"):
        form = typed_form(client, harbor, number="", other=number)
        answer: Any = client.post(here(harbor), form)
        assert answer.status_code == 422
        [said] = answer.context["form"].errors["number"]
        pages.add(said.replace(number.upper(), "N"))
    assert pages == {"Number N cannot be had. Choose another one."}


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"number": ""}, "Choose a number."),
        ({"altcha": ""}, "Wait until the check above the button is done"),
        ({"version": "1"}, "This plan has changed since you opened the page."),
        ({"version": "x"}, "Enter a whole number."),
        ({"other": "9" * 99}, "at most 13 characters"),
    ],
)
def test_a_bad_first_step(harbor: House, client: Client, other: dict[str, str], said: str) -> None:
    answer = client.post(here(harbor), typed_form(client, harbor, **other))
    assert answer.status_code == 422 and said in answer.content.decode()
    assert state_of(harbor, "201") == "reserved"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "Enter your name"),
        ("name", "\x07", "cannot be stored"),
        ("email", "nora", "This is not an e-mail address"),
        ("street", "", "Enter the street."),
        ("country", "XX", "Select a valid choice"),
        ("recipients", "\n".join(f"Name {it}" for it in range(51)), "at most 50 people"),
        ("recipients", "x" * 200, "too long for a name"),
    ],
)
def test_bad_input_keeps_the_rest(
    harbor: House, client: Client, field: str, value: str, said: str
) -> None:
    signup = begun(harbor)
    answer = client.post(url(harbor, "who", signup), WHO | {field: value})
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page
    for other in {"name", "email", "street"} - {field}:
        assert WHO[other] in page
    with as_operator(harbor.operator.pk):
        assert Signup.objects.get().name == ""


def test_back_and_reload_find_what_was_typed(harbor: House, client: Client) -> None:
    signup = begun(harbor)
    client.post(url(harbor, "who", signup), WHO)
    for _ in range(2):
        page = read(client, url(harbor, "who", signup))
        assert "Nora Newcomer" in page and "1 Elm St" in page
    assert client.get(url(harbor, "standing", signup)).headers["Location"].endswith("/check/")
    # In another browser, by the link alone.
    assert "Nora Newcomer" in read(Client(), url(harbor, "check", signup))


def test_the_browser_leads_back(harbor: House, client: Client) -> None:
    client.post(here(harbor), typed_form(client, harbor))
    plans = read(client, reverse("signup:plans", args=[harbor.operator.slug]))
    assert url(harbor, "standing", only(harbor)) in plans
    client.cookies[f"signup_{harbor.operator.pk}"] = "torn"
    plans = read(client, reverse("signup:plans", args=[harbor.operator.slug]))
    assert "Go on with it" not in plans


def test_coming_back_changes_what_was_begun(harbor: House, client: Client) -> None:
    client.post(here(harbor), typed_form(client, harbor))
    client.post(here(harbor), typed_form(client, harbor, number="202"))
    assert only(harbor).mailbox.number == "202"  # type: ignore[union-attr]
    assert state_of(harbor, "201") == "reserved"


def test_another_plan_for_the_same_number(harbor: House, client: Client) -> None:
    signup = begun(harbor)
    client.post(url(harbor, "who", signup), WHO)
    address = here(harbor, months=12, signup=signup_token(signup))
    page: Any = client.get(address)
    assert page.context["form"]["number"].value() == "201"
    form = typed_form(client, harbor)
    assert client.post(address, form).status_code == 302
    changed = only(harbor)
    assert (changed.months, changed.name) == (12, "Nora Newcomer")
    assert state_of(harbor, "201") == "pending"


def test_an_old_link_lands_and_says_so(harbor: House, client: Client) -> None:
    old = here(harbor)
    # The link of what a visitor opened before belongs to the legacy plan's successor by now.
    make_legacy(harbor)
    with as_operator(harbor.operator.pk):
        harbor.bronze.refresh_from_db()
    answer = client.get(here(harbor, plan=harbor.bronze.link), follow=True)
    assert "has taken its place" in answer.content.decode()
    assert "$12.99 a month" in read(client, old)
    say(harbor, harbor.bronze, **INTERNAL_ONLY)
    nothing = read(client, here(harbor, plan="zzzzzzzz"))
    assert "Choose a plan" in nothing and "is no longer offered. These are." in nothing


def test_terms_that_changed_are_agreed_to_anew(harbor: House, client: Client) -> None:
    signup = begun(harbor)
    client.post(url(harbor, "who", signup), WHO)
    with as_operator(harbor.operator.pk):
        publish_version(
            harbor.bronze, terms=DEARER, sold_from=ON, existing_from=None, by=harbor.owner, at=AT
        )
    sent_form = {"version": str(signup.version_id), "agree": "on"}
    answer: Any = client.post(url(harbor, "check", signup), sent_form)
    page = answer.content.decode()
    assert answer.status_code == 422 and "$12.99 a month" in page and "$9.99" not in page
    again = {"version": answer.context["form"]["version"].value(), "agree": "on"}
    assert client.post(url(harbor, "check", signup), again).status_code == 302
    assert "$12.99" in only(harbor).agreed_words


def test_a_plan_that_is_gone_keeps_what_was_typed(harbor: House, client: Client) -> None:
    signup = begun(harbor)
    client.post(url(harbor, "who", signup), WHO)
    say(harbor, harbor.bronze, **INTERNAL_ONLY)
    page = read(client, url(harbor, "check", signup))
    assert "is not offered there any more" in page and "choose another plan" in page


def test_a_lapsed_hold_leads_to_the_numbers(harbor: House, client: Client) -> None:
    signup = sent(harbor)
    with as_operator(harbor.operator.pk):
        Signup.objects.update(held_until=AT)
        clean(harbor.operator, at=AT.replace(year=2027))
    with as_operator(harbor.operator.pk):
        gone = not Signup.objects.exists()
    page = read(client, url(harbor, "standing", signup), 404 if gone else 200)
    assert "Begin anew" in page if gone else "Choose a number again" in page


def test_a_mail_scanner_confirms_nothing(harbor: House, client: Client) -> None:
    signup = sent(harbor)
    address = reverse("signup:confirm", args=[harbor.operator.slug, confirm_token(signup)])
    assert "Is this your address?" in read(client, address)
    assert only(harbor).state == SignupState.TO_VERIFY
    answer = client.post(address, follow=True)
    assert "We have your signup" in answer.content.decode()
    assert only(harbor).state == SignupState.WAITING
    assert client.post(address).status_code == 302


def test_links_open_one_signup_of_one_operator(
    harbor: House, make_house: Callable[..., House], client: Client
) -> None:
    signup, other = begun(harbor), make_house("Neighbor Post")
    token = signup_token(signup)
    for wrong in (token[:-1], f"{token}x", "1", token.replace(":", ".")):
        here = reverse("signup:standing", args=[harbor.operator.slug, wrong])
        assert client.get(here).status_code == 404
    here = reverse("signup:who", args=[other.operator.slug, token])
    assert client.get(here).status_code == 404 == client.post(here, WHO).status_code
    page = client.get(url(harbor, "who", signup))
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in page.headers["Cache-Control"]


def test_what_was_asked_is_answered(harbor: House, client: Client) -> None:
    signup = confirmed(harbor)
    with as_operator(harbor.operator.pk):
        ask(signup, words="Which floor?", by=harbor.owner, at=AT)
    shown = client.get(url(harbor, "standing", signup), follow=True)
    assert "Which floor?" in shown.content.decode()
    missing = client.post(url(harbor, "answer", signup), WHO | {"reply": " "})
    assert missing.status_code == 422 and "Write an answer." in missing.content.decode()
    done = client.post(
        url(harbor, "answer", signup), WHO | {"reply": "The fourth", "email": "x@y.example"}
    )
    assert done.status_code == 302
    answered = only(harbor)
    assert (answered.state, answered.email) == (SignupState.WAITING, "nora@visitors.example")


def test_a_refusal_says_why(harbor: House, client: Client) -> None:
    signup = confirmed(harbor)
    with as_operator(harbor.operator.pk):
        refuse_signup(signup, words="No <IDs>", by=harbor.owner, at=AT)
    page = read(client, url(harbor, "standing", signup))
    assert "cannot give you this mailbox" in page and "No &lt;IDs&gt;" in page


def test_without_a_free_number_they_may_ask(harbor: House, client: Client) -> None:
    with as_operator(harbor.operator.pk):
        Mailbox.objects.filter(state="reserved").update(state="available")
    page = read(client, here(harbor))
    assert "No number is free here" in page and "Ask for a mailbox" in page


@pytest.mark.parametrize("many", [1, 60])
def test_pages_ask_the_same_whatever_the_numbers(
    harbor: House,
    client: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    many: int,
) -> None:
    reserve_some(harbor, first=500, last=500 + many)
    with django_assert_max_num_queries(14):
        client.get(here(harbor))
    with django_assert_max_num_queries(14):
        client.get(here(harbor, plan="", months=""))
