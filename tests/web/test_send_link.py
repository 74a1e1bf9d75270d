"""Staff send a customer the link to their own plan."""

import re
from typing import Any

import pytest
from django.test import Client

from postroom.domain.events.models import Event
from postroom.domain.events.sentences import sentence
from postroom.domain.notices.mails import MailPutOff
from postroom.domain.operators.models import Role
from postroom.jobs import mail_my_plan
from tests.asked import asked_for
from tests.mail_server import MailServer, serving, text_of
from tests.web.desk_pages import Desk
from tests.web.renting import ONE_DAY, Today


def ask(today: Today, who: str = "ana") -> list[dict[str, Any]]:
    """Will press the button on the customer's page."""
    its = today.rents(who)
    assert Desk(today.house).post("send_link", its.pk).status_code == 302
    return asked_for(today.house, mail_my_plan)


def test_the_link_comes_by_mail_and_opens_their_page(today: Today) -> None:
    desk = Desk(today.house)
    page = desk.get("customer", today.house.customers["ana"].pk).content.decode()
    assert "Send the link" in page
    [args] = ask(today)
    with serving() as (server, _):
        mail_my_plan(**args)
    [mail] = server.mails
    assert mail["To"] == "ana@customers.example"
    [token] = set(re.findall(r"/my-plan/([\w:-]+)/", text_of(mail)))
    answer = Client().get(f"/my-plan/{token}/")
    assert answer.status_code == 200 and "Ana Alvarez" in answer.content.decode()
    event = Event.objects.get(act="subscription.link_asked")
    assert sentence(event).endswith("asked to mail their link to ana@customers.example.")


def test_nobody_is_mailed_without_an_address(today: Today) -> None:
    page = Desk(today.house).get("customer", today.house.customers["di"].pk).content.decode()
    assert "My plan and other plans" in page and "Send the link" not in page
    assert ask(today, "di") == []
    assert not Event.objects.filter(act="subscription.link_asked")


def test_an_address_that_is_refused_is_written_down(today: Today) -> None:
    [args] = ask(today)
    server = MailServer()
    server.to_recipient["ana@customers.example"] = ["550 5.1.1 No such user"]
    with serving(server):
        mail_my_plan(**args)
    event = Event.objects.get(act="subscription.link_refused")
    assert "could not mail their link to ana@customers.example: " in sentence(event)


def test_a_server_that_takes_nothing_is_tried_again(today: Today) -> None:
    [args] = ask(today)
    server = MailServer()
    server.to_content = ["451 4.7.1 Later, please"]
    with serving(server):
        with pytest.raises(MailPutOff):
            mail_my_plan(**args)
        mail_my_plan(**args)
    assert len(server.mails) == 1


def test_who_has_left_meanwhile_is_not_mailed(today: Today) -> None:
    [args] = ask(today)
    its = today.rents()
    its.closes_on = today.on - ONE_DAY
    its.save(update_fields=["closes_on"])
    with serving() as (server, _):
        mail_my_plan(**args)
    assert server.mails == []


def test_who_only_looks_is_not_asked(today: Today) -> None:
    desk = Desk(today.house, Role.VIEWER)
    page = desk.get("customer", today.house.customers["ana"].pk).content.decode()
    assert "Send the link" not in page
    assert "/my-plan/" not in page, "by the link they could act for the customer"
    assert desk.post("send_link", today.rents().pk).status_code == 403
    assert asked_for(today.house, mail_my_plan) == []
