"""The desk's leads: searched, taken away, and taken care of, with where they came from."""

from datetime import timedelta
from uuid import uuid4

import pytest

from postroom.base.tenancy import as_public_reader
from postroom.demo.cast import House
from postroom.domain.events.models import Event
from postroom.domain.operators.models import Role
from postroom.domain.plans.queries import latest_version
from postroom.domain.plans.services import Channel
from postroom.domain.subscriptions.leads import leave_lead
from postroom.domain.subscriptions.models import Lead, LeadSource
from tests.conftest import AT
from tests.web.desk_pages import Desk, page

ASKING = {
    "Vera Vogel": (Channel.SIGNUP, None),
    "Walt Webb": (Channel.LEAD_GEN, None),
    "Yara Young": (Channel.SIGNUP, LeadSource.EMBED),
}


@pytest.fixture
def asked(in_harbor: House) -> House:
    """Harbor Mail, where three have asked for Bronze, each by another way."""
    version = latest_version(in_harbor.bronze)
    for number, (name, (channel, came_from)) in enumerate(ASKING.items()):
        with as_public_reader():
            leave_lead(
                in_harbor.operator.pk,
                plan_id=in_harbor.bronze.pk,
                version_id=version.pk,
                location_id=None,
                source=channel,
                came_from=came_from,
                name=name,
                email=f"{name[0].lower()}@visitors.example",
                phone="",
                message="=1+1" if number == 0 else "May I?",
                form=uuid4(),
                at=AT + timedelta(hours=number),
            )
    return in_harbor


def shown(desk: Desk, **query: str) -> list[str]:
    text = desk.text("leads", **query)
    return [name for name in reversed(ASKING) if f"<strong>{name}</strong>" in text]


def test_a_lead_says_where_it_came_from(asked: House) -> None:
    kept = {it.name: it.source for it in Lead.objects.all()}
    assert kept == {"Vera Vogel": "signup", "Walt Webb": "lead_gen", "Yara Young": "embed"}
    desk = Desk(asked)
    assert "Operator’s own site" in desk.text("leads")
    assert shown(desk, source="embed") == ["Yara Young"]
    assert shown(desk, source="billboard") == ["Yara Young", "Walt Webb", "Vera Vogel"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("WALT", ["Walt Webb"]),
        ("y@visitors", ["Yara Young"]),
        ("nobody", []),
        ("1+1", ["Vera Vogel"]),
    ],
)
def test_leads_are_searched(asked: House, words: str, found: list[str]) -> None:
    assert shown(Desk(asked), q=words) == found


def test_a_lead_is_taken_care_of_and_opened_again(asked: House) -> None:
    desk, lead = Desk(asked), Lead.objects.get(name="Walt Webb")
    back = f"{desk.url('leads')}?state=open"
    for _ in range(2):
        answer = desk.post("lead_handle", lead.pk, back=back)
        assert (answer.status_code, answer.url) == (302, back)
    lead.refresh_from_db()
    assert lead.handled_by == desk.user and lead.handled_at is not None
    assert Event.objects.filter(act="lead.handled").count() == 1
    assert shown(desk, state="open") == ["Yara Young", "Vera Vogel"]
    assert shown(desk, state="handled") == ["Walt Webb"]
    assert desk.get("dashboard").context["leads"] == 2
    answer = desk.post("lead_handle", lead.pk, reopen="yes", back="https://elsewhere.example")
    assert answer.url == desk.url("leads")
    assert desk.get("dashboard").context["leads"] == 3


def test_who_only_looks_takes_care_of_nobody(asked: House) -> None:
    desk, lead = Desk(asked, Role.VIEWER), Lead.objects.get(name="Walt Webb")
    assert "Mark as taken care of" not in desk.text("leads")
    assert desk.post("lead_handle", lead.pk).status_code == 403


def test_leads_are_taken_away_as_they_are_shown(asked: House) -> None:
    desk = Desk(asked)
    desk.post("lead_handle", Lead.objects.get(name="Vera Vogel").pk)
    answer = desk.get("leads_to_take", state="handled")
    head, *lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert head.startswith("Name,E-mail,Phone,Message,Plan,Version,Location,Source,Asked")
    assert len(lines) == 1
    assert lines[0].startswith("Vera Vogel,v@visitors.example,,'=1+1,Bronze,1,,Signup URL,")
    assert str(desk.user) in lines[0]


def test_the_page_of_leads_is_searched_without_leads(in_harbor: House) -> None:
    desk = Desk(in_harbor)
    assert "No leads yet" in desk.text("leads")
    assert "No leads match" in page(desk.get("leads", q="x"))
