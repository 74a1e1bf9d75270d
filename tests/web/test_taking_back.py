"""Taking NO back, from the pages of both plans."""

from datetime import timedelta

from django.test import Client

from postroom.base.tenancy import as_operator
from postroom.demo.cast import House
from postroom.domain.customers.models import Mailbox
from postroom.domain.operators.models import Role
from postroom.domain.plans.models import Plan
from postroom.domain.subscriptions.actions import assign
from tests.conftest import AT, ON
from tests.web.desk_pages import Desk, page
from tests.web.shelf import join, make_legacy, read


def desk_of(house: House, role: Role = Role.OWNER) -> Desk:
    with as_operator(house.operator.pk):
        return Desk(house, role)


def test_both_pages_lead_there_and_one_click_takes_it_back(harbor: House) -> None:
    new, desk = make_legacy(harbor), desk_of(harbor)
    for plan in (new, harbor.bronze):
        assert desk.url("take_no_back", new.pk) in desk.text("plan", plan.pk)
    text = desk.text("take_no_back", new.pk)
    assert "Bronze Legacy is Bronze again" in text
    done = desk.post("take_no_back", new.pk)
    assert done.url == desk.url("plan", harbor.bronze.pk)
    assert "Bronze is as it was" in desk.text("plan", harbor.bronze.pk)
    for plan in (new, harbor.bronze):
        assert desk.url("take_no_back", new.pk) not in desk.text("plan", plan.pk)
    shown = read(Client(), join(harbor))
    assert ("$9.99" in shown, "$12.99" in shown) == (True, False)


def test_a_second_click_is_told_so(harbor: House) -> None:
    new, desk = make_legacy(harbor), desk_of(harbor)
    desk.post("take_no_back", new.pk)
    assert "did not take the name" in page(desk.post("take_no_back", new.pk), 422)


def test_once_somebody_has_joined_it_says_so(harbor: House) -> None:
    new, desk = make_legacy(harbor), desk_of(harbor)
    with as_operator(harbor.operator.pk):
        free = Mailbox.objects.filter(state="available").earliest("pk")
        own = {"months": 1, "starts_on": ON + timedelta(2), "by": None, "at": AT}
        assign(harbor.customers["ana"], mailbox=free, plan=new, **own)
    assert "Somebody has joined Bronze" in desk.text("take_no_back", new.pk)
    assert "Somebody has joined Bronze, so" in page(desk.post("take_no_back", new.pk), 422)
    with as_operator(harbor.operator.pk):
        assert Plan.objects.get(name="Bronze") == new


def test_a_plan_that_never_took_over_says_so(harbor: House) -> None:
    desk = desk_of(harbor)
    assert "Nothing to take back" in desk.text("take_no_back", harbor.bronze.pk)
    assert "Take the legacy plan back" not in desk.text("plan", harbor.bronze.pk)


def test_a_viewer_has_no_button(harbor: House) -> None:
    new = make_legacy(harbor)
    assert "Take the legacy plan back" not in desk_of(harbor, Role.VIEWER).text("plan", new.pk)
