"""The question's page: what each answer does, worked out, with every customer behind it."""

import csv
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from postroom.demo.cast import House
from postroom.domain.customers.models import Mailbox, MailboxState
from postroom.domain.notices.models import Announcement
from postroom.domain.plan_changes.models import PlanChange, Sheet, SheetRow
from postroom.domain.plans.models import Draft, PlanVersion
from postroom.domain.plans.services import Timing
from postroom.domain.subscriptions.actions import assign
from postroom.domain.subscriptions.models import Chosen
from tests.conftest import AT, ON
from tests.web.plan_forms import address, desk_of, say_yes, typed


def far(days: int = 90) -> date:
    return (timezone.now() + timedelta(days=days)).date()


class Asking:
    """The owner, with a dearer Bronze waiting for an answer."""

    def __init__(self, house: House) -> None:
        """Will type the new rate and press Update."""
        self.house, self.plan = house, house.bronze
        self.client: Client = desk_of(house)
        form = self.client.get(address(house, f"{self.plan.pk}/")).context["form"]
        sent = typed(form, monthly_rate="12.99")
        self.client.post(address(house, f"{self.plan.pk}/"), sent)

    @property
    def days(self) -> dict[str, Any]:
        return {"sold_from": far().isoformat(), "existing_from": far().isoformat()}

    def to(self, rest: str = "") -> str:
        return address(self.house, f"{self.plan.pk}/question/{rest}")

    def look(self, **facts: Any) -> Any:
        """Will press “Work it out again”."""
        return self.client.post(self.to(), self.days | facts)

    def rows(self, sheet: Sheet, **query: Any) -> Any:
        return self.client.get(self.to(f"{sheet.pk}/"), query)


@pytest.fixture
def asking(in_harbor: House) -> Asking:
    return Asking(in_harbor)


def test_looking_changes_nothing(asking: Asking) -> None:
    page = asking.client.get(asking.to())
    assert page.status_code == 200
    text = page.content.decode()
    assert "Nothing changes for anybody until you answer." in text
    assert f"{page.context['sums'].reached} customers get the new terms" in text
    assert asking.look(timing=Timing.ON_DATE.value).status_code == 200
    assert PlanVersion.objects.count() == 1
    assert Draft.objects.count() == 1
    assert Sheet.objects.count() == 1


def test_what_was_asked_last_is_there_after_a_reload(asking: Asking) -> None:
    asking.look(timing="on_date", whom="some", months="12")
    form = asking.client.get(asking.to()).context["yes_form"]
    assert form["existing_from"].value() == far().isoformat()
    assert (form["timing"].value(), form["whom"].value()) == ("on_date", "some")
    assert form.group_form["months"].value() == 12


def test_a_group_gets_it_and_the_rest_keep_theirs(asking: Asking) -> None:
    facts = {**asking.days, "whom": "some", "months": "12", "timing": "next_term"}
    said = say_yes(asking.client, asking.house, asking.plan.pk, **facts)
    assert said.status_code == 302
    change = PlanChange.objects.get()
    assert change.version.for_chosen
    assert Chosen.objects.count() == change.shown["customers"] - change.shown["outcomes"].get(
        "not_chosen", 0
    )


def test_customers_are_found_and_picked(asking: Asking) -> None:
    ana = asking.house.subscriptions["ana"]
    found = asking.look(whom="some", q=ana.customer.name)
    assert found.status_code == 200, "looking for somebody is no mistake"
    assert found.context["choosing"].listed == [ana]
    assert "is found so" in asking.look(whom="some", q="Nobody").content.decode()
    facts = {**asking.days, "whom": "some", "picks": [str(ana.pk)]}
    say_yes(asking.client, asking.house, asking.plan.pk, **facts)
    assert [it.subscription_id for it in Chosen.objects.all()] == [ana.pk]


def test_a_group_of_nobody_is_refused_and_nothing_is_lost(asking: Asking) -> None:
    seen = asking.look().context["sheet"].fingerprint
    sent = {**asking.days, "whom": "some", "words": "Our rent went up.", "seen": seen}
    refused = asking.client.post(asking.to("yes/"), sent)
    assert refused.status_code == 422
    text = refused.content.decode()
    assert "Choose a location, a term, a version or customers." in text
    assert "Our rent went up." in text
    assert not PlanChange.objects.exists()


def test_what_changed_since_is_said_and_shown_anew(asking: Asking) -> None:
    seen = asking.look().context["sheet"].fingerprint
    days = asking.days | {"existing_from": far(120).isoformat()}
    sent = {**days, "words": "Our rent went up.", "seen": seen}
    refused = asking.client.post(asking.to("yes/"), sent)
    assert refused.status_code == 422
    assert "the days, the timing or the group were changed" in refused.content.decode()
    form = refused.context["yes_form"]
    assert form["existing_from"].value() == far(120).isoformat()
    again = sent | {"seen": refused.context["sheet"].fingerprint}
    assert asking.client.post(asking.to("yes/"), again).status_code == 302
    assert Announcement.objects.get().words == "Our rent went up."


def test_every_customer_is_listed_sorted_and_filtered(asking: Asking) -> None:
    sheet = asking.look().context["sheet"]
    page = asking.rows(sheet)
    assert len(page.context["table"].rows) == SheetRow.objects.filter(sheet=sheet).count()
    for column in page.context["table"].columns.names():
        for sort in (column, f"-{column}"):
            assert asking.rows(sheet, sort=sort).status_code == 200
    ana = asking.house.customers["ana"].name
    [found] = asking.rows(sheet, q=ana).context["table"].paginated_rows
    assert found.record.customer == ana
    for query in ({"who": "cheaper"}, {"outcome": "pinned"}, {"q": "Nobody at all"}):
        assert "Nobody here" in asking.rows(sheet, **query).content.decode()


def test_the_table_to_take_has_the_same_customers(asking: Asking) -> None:
    sheet = asking.look().context["sheet"]
    ana = asking.house.customers["ana"].name
    taken = asking.client.get(asking.to(f"{sheet.pk}/csv/"), {"q": ana})
    text = b"".join(taken.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    [line] = csv.DictReader(text.splitlines())
    row = SheetRow.objects.get(sheet=sheet, customer_id=asking.house.customers["ana"].pk)
    assert (line["customer"], line["rate_before"], line["rate_after"]) == (ana, "9.99", "12.99")
    assert line["starts_on"] == row.first_day.isoformat()
    assert line["bill_after"] == f"{(row.bill_after_minor or 0) / 100:.2f}"


def test_figures_that_made_way_lead_to_those_of_now(asking: Asking) -> None:
    old = asking.look().context["sheet"]
    asking.look()
    gone = asking.client.get(asking.to(f"{old.pk}/"))
    assert (gone.status_code, gone["Location"]) == (302, asking.to())


def queries(ask: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert ask().status_code == 200
    return len(asked)


def test_the_pages_ask_as_much_however_many_there_are(asking: Asking) -> None:
    def rows() -> Any:
        return asking.rows(Sheet.objects.get())

    asking.look()
    few = [queries(asking.look), queries(rows)]
    own = {"plan": asking.plan, "months": 1, "starts_on": ON, "by": asking.house.owner, "at": AT}
    for mailbox in Mailbox.objects.filter(state=MailboxState.AVAILABLE)[:5]:
        assign(asking.house.customers["ana"], mailbox=mailbox, **own)
    before = SheetRow.objects.count()
    assert [queries(asking.look), queries(rows)] == few
    assert SheetRow.objects.count() == before + 5
