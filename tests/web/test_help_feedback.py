"""Was this article helpful? By the form as people and as robots send it, and as staff read it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from postroom.base.tenancy import as_platform
from postroom.demo.cast import House
from postroom.domain.knowledge_base.models import Feedback
from postroom.domain.users.models import User
from postroom.web.help.answering import NO, YES
from tests.solving import solved
from tests.web.test_help import BACKEND, CHANGE, article, read

pytestmark = pytest.mark.usefixtures("nothing_said_of_articles")

YES_URL = reverse("help:helpful", args=[CHANGE])
NO_URL = reverse("help:not_helpful", args=[CHANGE])


def all_said() -> list[Feedback]:
    with as_platform():
        return list(Feedback.objects.order_by("pk"))


def why(**changes: Any) -> dict[str, Any]:
    """Will fill in the form as a visitor does."""
    said = {
        "reasons": ["out_of_date"],
        "comment": "The button is gone.",
        "email": "nina@example.com",
    }
    return {"altcha": solved()} | said | changes


def test_yes_is_thanked_for_and_can_be_changed(harbor: House, client: Client) -> None:
    page = client.post(YES_URL, follow=True).content.decode()
    assert "Thank you for telling us" in page and "You found this article helpful" in page
    assert "Was this article helpful?" in read(client, article() + "?again")
    client.post(NO_URL, why())
    [said] = all_said()
    assert not said.helpful and said.comment == "The button is gone."
    assert "You told us what is wrong" in read(client, article())


def test_no_is_kept_with_its_reasons(harbor: House, client: Client) -> None:
    answer = client.post(NO_URL, why(reasons=["missing_steps", "hard_to_follow"]), follow=True)
    assert "they will look at it" in answer.content.decode()
    [said] = all_said()
    assert said.reasons == ["hard_to_follow", "missing_steps"] and said.email == "nina@example.com"
    before = read(client, NO_URL)
    assert before.count("checked") == 2 and "The button is gone." in before


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reasons": []}, "Choose at least one of the reasons."),
        ({"reasons": ["boring"]}, "Choose from the reasons that are shown."),
        ({"altcha": ""}, "Wait until the check above the button is done"),
        ({"altcha": "e30="}, "is over or was used"),
        ({"email": "nina"}, "This is not an e-mail address."),
        ({"comment": "The button is gone." + "x" * 2000}, "at most 2000 characters"),
        ({"comment": "The button is gone.\0"}, "Null characters are not allowed."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_lost(
    harbor: House, client: Client, changes: dict[str, Any], sentence: str
) -> None:
    answer = client.post(NO_URL, why(**changes))
    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in page
    assert "The button is gone." in page and all_said() == []


def test_all_that_is_wrong_is_said_at_once(harbor: House, client: Client) -> None:
    page = client.post(NO_URL, why(altcha="", reasons=[], email="x")).content.decode()
    for sentence in ("Wait until the check", "Choose at least one", "not an e-mail address"):
        assert sentence in page


def test_the_proof_is_said_to_need_javascript(db: None, client: Client) -> None:
    assert "<noscript><p" in read(client, NO_URL)


def test_a_proof_is_good_for_one_form(harbor: House, client: Client) -> None:
    sent = why(form_key="1" * 32)
    assert client.post(NO_URL, sent).status_code == 302
    assert Client().post(NO_URL, sent | {"form_key": "2" * 32}).status_code == 422
    assert len(all_said()) == 1


def test_a_proof_that_is_over_is_refused(harbor: House, client: Client, settings: Any) -> None:
    settings.ALTCHA_CHALLENGE_EXPIRE = -1000
    assert client.post(NO_URL, why()).status_code == 422
    assert all_said() == []


def test_who_is_signed_in_solves_nothing(harbor: House, client: Client) -> None:
    client.force_login(harbor.owner, backend=BACKEND)
    page = read(client, NO_URL)
    assert "altcha" not in page and "e-mail address (optional)" not in page
    assert client.post(NO_URL, {"reasons": ["out_of_date"]}).status_code == 302
    assert client.post(NO_URL, {"reasons": []}).status_code == 422
    assert [it.user_id for it in all_said()] == [harbor.owner.pk]


def test_a_flood_is_stopped(harbor: House, client: Client) -> None:
    for _ in range(YES.at_most):
        Client().post(YES_URL)
    page = Client().post(YES_URL, follow=True).content.decode()
    assert "too often from your connection" in page
    assert len(all_said()) == YES.at_most
    for _ in range(NO.at_most):
        client.post(NO_URL, {"altcha": "", "comment": "x"})
    answer = client.post(NO_URL, why())
    assert answer.status_code == 429 and "The button is gone." in answer.content.decode()


def test_a_session_that_is_forged_is_nobody(harbor: House, client: Client) -> None:
    client.cookies["sessionid"] = "\x7f' OR 1=1"
    assert client.post(YES_URL).status_code == 302
    assert client.get(YES_URL).status_code == 405


@pytest.fixture
def staff(harbor: House) -> User:
    return User.objects.create_user("platform@postroom.example", is_staff=True)


def test_feedback_is_for_the_platforms_staff(harbor: House, client: Client) -> None:
    for name in ("feedback", "comments"):
        assert client.get(reverse(f"help:{name}")).status_code == 302
    client.force_login(harbor.owner, backend=BACKEND)
    for name in ("feedback", "comments"):
        assert client.get(reverse(f"help:{name}")).status_code == 403
    assert client.post(reverse("help:settle", args=[1])).status_code == 403


def test_staff_see_how_helpful_each_is(harbor: House, staff: User, client: Client) -> None:
    Client().post(YES_URL)
    Client().post(NO_URL, why(reasons=["out_of_date", "missing_steps"]))
    client.force_login(staff, backend=BACKEND)
    page = read(client, reverse("help:feedback"))
    assert "50 %" in page and "It is out of date (1)" in page
    assert f"?article={CHANGE}" in page
    for order in ("share", "-no", "section", "reason", "-still_open", "nonsense"):
        assert client.get(reverse("help:feedback"), {"sort": order}).status_code == 200


def test_staff_mark_comments_as_done(harbor: House, staff: User, client: Client) -> None:
    Client().post(NO_URL, why(comment="<b>Where?</b>"))
    client.force_login(staff, backend=BACKEND)
    page = read(client, reverse("help:comments"))
    assert "&lt;b&gt;Where?&lt;/b&gt;" in page and "nina@example.com" in page
    settle = reverse("help:settle", args=[all_said()[0].pk])
    done = client.post(settle, {"of": CHANGE}, follow=True).content.decode()
    assert "Nothing to look at" in done
    assert "Where?" in read(client, reverse("help:comments") + f"?done=1&article={CHANGE}")
    back = client.post(settle, {"again": "1"}, follow=True).content.decode()
    assert "to be looked at again" in back
    assert all_said()[0].done_at is None
    assert client.post(reverse("help:settle", args=[987654])).status_code == 404


def test_what_was_said_of_an_article_that_is_no_more(
    harbor: House, staff: User, client: Client
) -> None:
    Client().post(NO_URL, why())
    with as_platform():
        Feedback.objects.update(article="long-gone")
    client.force_login(staff, backend=BACKEND)
    assert "No more there" in read(client, reverse("help:feedback"))
    assert "long-gone" in read(client, reverse("help:comments"))
