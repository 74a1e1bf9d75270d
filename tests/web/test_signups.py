"""Signups on the desk: the list, one with its first bill, and what staff decide."""

from typing import Any

import pytest

from postroom.base.tenancy import as_operator
from postroom.demo.cast import House
from postroom.domain.billing.models import Invoice
from postroom.domain.notices.mails import MailPutOff
from postroom.domain.operators.models import Operator, Role
from postroom.domain.signups.mails import Letter
from postroom.domain.signups.models import Signup, SignupState
from postroom.jobs import mail_signup
from tests.asked import asked_for
from tests.mail_server import MailServer, free_port, serving, text_of
from tests.signing_up import begun, confirmed, reserve_some, sent
from tests.web.desk_pages import Desk, page

OFFICE = "office@harbor.example"


@pytest.fixture(autouse=True)
def numbers(harbor: House) -> None:
    reserve_some(harbor)


def test_the_list_is_searched_and_filtered(harbor: House) -> None:
    confirmed(harbor, "201")
    sent(harbor, "202", email="olaf@visitors.example")
    begun(harbor, "203")
    with as_operator(harbor.operator.pk):
        desk = Desk(harbor)
        assert len(desk.get("signups").context["table"].page) == 3
        assert len(desk.get("signups", state="waiting").context["table"].page) == 1
        assert len(desk.get("signups", q="OLAF").context["table"].page) == 1
        assert "Nobody signs up" in desk.text("signups", q="nobody at all")
        assert "Signups that wait" in desk.text("dashboard")


def test_it_is_approved_with_the_bill_that_was_shown(harbor: House) -> None:
    signup = confirmed(harbor)
    with as_operator(harbor.operator.pk):
        desk = Desk(harbor)
        shown = desk.get("signup", signup.pk)
        assert "$9.99" in page(shown) and "Bronze as it is shown" in page(shown)
        form = {"starts_on": shown.context["form"]["starts_on"].value(), "billing_day": ""}
        stale = desk.post("signup_approve", signup.pk, **form, seen="what was before")
        assert "Something has changed since you looked" in page(stale, 409)
        key = shown.context["preview"].key
        done = desk.post("signup_approve", signup.pk, **form, seen=key)
        assert done.url == desk.url("customer", signup.customer_id)
        text = desk.text("customer", signup.customer_id)
        assert "Nora Newcomer is approved" in text and "Max Newcomer" in text
        assert Invoice.objects.get(customer=signup.customer_id).total_minor == 999
        again = desk.post("signup_approve", signup.pk, **form, seen=key)
        assert "does not wait any more: it is approved" in page(again, 409)


def test_bad_days_are_named(harbor: House) -> None:
    signup = confirmed(harbor)
    with as_operator(harbor.operator.pk):
        desk = Desk(harbor)
        for typed, said in [
            ({"starts_on": "soon"}, "Enter a day such as"),
            ({"starts_on": "2026-06-15", "billing_day": "32"}, "less than or equal to 31"),
        ]:
            assert said in page(desk.post("signup_approve", signup.pk, **typed), 422)
        assert said in desk.text("signup", signup.pk, **typed)


def test_staff_ask_and_refuse(harbor: House) -> None:
    signup = confirmed(harbor)
    with as_operator(harbor.operator.pk):
        desk = Desk(harbor)
        assert "Write what they are to be told." in page(desk.post("signup_ask", signup.pk), 422)
        desk.post("signup_ask", signup.pk, words="Which floor?")
        assert "No answer yet" in desk.text("signup", signup.pk)
        desk.post("signup_refuse", signup.pk, words="No IDs")
        text = desk.text("signup", signup.pk)
        assert "Refused" in text and "No IDs" in text
        late = desk.post("signup_ask", signup.pk, words="Really?")
        assert "it is refused" in page(late, 422)
        assert [it["letter"] for it in asked_for(harbor, mail_signup)] == ["asked", "refused"]
        assert "refused the signup: No IDs" in desk.text("customer", signup.customer_id)


def test_a_viewer_looks_and_a_clerk_does_not(harbor: House) -> None:
    signup = confirmed(harbor)
    with as_operator(harbor.operator.pk):
        viewer = Desk(harbor, Role.VIEWER)
        assert "An owner or manager decides." in viewer.text("signup", signup.pk)
        assert viewer.post("signup_ask", signup.pk, words="?").status_code == 403
        assert Desk(harbor, Role.CLERK).get("signups").status_code == 403


@pytest.mark.parametrize("letter", list(Letter))
def test_letters_go_out(harbor: House, letter: Letter) -> None:
    signup = confirmed(harbor)
    with as_operator(harbor.operator.pk):
        desk = Desk(harbor)
        if letter == Letter.APPROVED:
            shown = desk.get("signup", signup.pk)
            first = shown.context["form"]["starts_on"].value()
            key = shown.context["preview"].key
            desk.post("signup_approve", signup.pk, starts_on=first, seen=key)
        Signup.objects.update(asked="Which floor?", reason="No IDs")
        Operator.objects.update(service_email=OFFICE)
    with serving() as (server, _):
        mail_signup(harbor.operator.pk, signup.pk, letter.value)
    [mail] = server.mails
    to_staff = letter == Letter.TO_STAFF
    assert str(mail["To"]) == (OFFICE if to_staff else "nora@visitors.example")
    said = {"asked": "Which floor?", "refused": "No IDs", "approved": "PMB 201"}
    assert said.get(letter.value, "#201") in text_of(mail)
    assert ("http" in text_of(mail)) is (letter != Letter.REFUSED)


def test_an_address_that_is_refused_is_told(harbor: House, settings: Any) -> None:
    class Refusing(MailServer):
        async def handle_RCPT(self, *args: Any) -> str:  # noqa: N802
            return "550 no such user"

    signup = sent(harbor)
    with serving(Refusing()):
        mail_signup(harbor.operator.pk, signup.pk, "confirm")
    with as_operator(harbor.operator.pk):
        assert "no such user" in Signup.objects.get().mail_trouble
        assert "was refused: no such user" in Desk(harbor).text("signup", signup.pk)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = free_port()
    with pytest.raises(MailPutOff):
        mail_signup(harbor.operator.pk, signup.pk, "confirm")


def test_without_an_address_of_the_office_nobody_is_written_to(harbor: House) -> None:
    signup = confirmed(harbor)
    with as_operator(harbor.operator.pk):
        Operator.objects.update(service_email="")
    with serving() as (server, _):
        mail_signup(harbor.operator.pk, signup.pk, Letter.TO_STAFF.value)
    assert server.mails == []


def test_a_signup_that_is_gone_is_mailed_nothing(harbor: House) -> None:
    signup = begun(harbor)
    with as_operator(harbor.operator.pk):
        assert Signup.objects.filter(state=SignupState.STARTED).delete()[0] == 1
    mail_signup(harbor.operator.pk, signup.pk, "confirm")
