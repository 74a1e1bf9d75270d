"""The pages of moving in: a file, its dry run, plans for prices, confirming, what came of it."""

import io
import zipfile
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from postroom.domain.customers.models import Customer, Mailbox, MailboxState
from postroom.domain.moving_in.models import MovingIn
from postroom.domain.moving_in.taking_in import take_in_page
from postroom.domain.operators.models import Role, Staff
from postroom.domain.plans.models import Plan
from postroom.jobs import take_customers_in
from tests.asked import asked_for
from tests.rooms.moving_worlds import ADA, table
from tests.web.renting import Today

SIGNING_IN = "postroom.domain.users.signing_in.SigningIn"


def signed_in(today: Today, role: Role = Role.OWNER) -> Client:
    client = Client()
    user = Staff.objects.select_related("user").get(role=role).user
    client.force_login(user, backend=SIGNING_IN)
    return client


@pytest.fixture
def owner(today: Today) -> Client:
    return signed_in(today)


def address(today: Today, view: str = "moving_in", *more: int) -> str:
    return reverse(f"desk:{view}", args=[today.house.operator.slug, *more])


def ada(today: Today, **more: str) -> dict[str, str]:
    """A row that is paid for another ten days from today."""
    day = today.on + timedelta(days=10)
    return {**ADA, "paid_through": day.isoformat(), "billing_day": "", "starts_on": "", **more}


def upload(today: Today, client: Client, content: bytes) -> Any:
    file = SimpleUploadedFile("customers.csv", content)
    return client.post(address(today), {"file": file}, follow=True)


def take_in(today: Today, client: Client, page: Any, bad_rows: str = "leave_out") -> Any:
    """Will confirm what a page showed, and have the rest done as the worker does it."""
    said = {"seen": page.context["kept"].fingerprint, "bad_rows": bad_rows}
    answer = client.post(page.request["PATH_INFO"], said, follow=True)
    while take_in_page(today.house.operator, page.context["kept"].pk, at=today.at, page=10):
        pass
    return answer


def test_a_file_is_shown_taken_in_once_and_named(today: Today, owner: Client) -> None:
    bad = ada(today, external_id="C-2", mailbox="302", price="nine")
    page = upload(today, owner, table(ada(today), bad))
    assert "Nothing is changed yet." in page.text
    assert "Take in 1 row" in page.text
    assert "“nine” is not an amount of money." in page.text
    assert not Customer.objects.filter(external_id="C-1").exists()
    waiting = take_in(today, owner, page)
    assert "0 rows of 1 done." in waiting.text
    kept = page.context["kept"]
    assert [it["moving_in_id"] for it in asked_for(today.house, take_customers_in)] == [kept.pk]
    done = owner.get(page.request["PATH_INFO"])
    assert "1 added, 0 changed, 0 were the same." in done.text
    assert "1 row was left out." in done.text


def test_a_price_without_a_plan_gets_one(today: Today, owner: Client) -> None:
    page = upload(today, owner, table(ada(today, price="9.49")))
    assert "1 row on Bronze at $9.49 a month: make “Bronze ($9.49 a month)”" in page.text
    (missing,) = page.context["prices"]
    kept = page.context["kept"]
    made = owner.post(
        address(today, "moving_in_plans", kept.pk), {"price": missing.key}, follow=True
    )
    assert "Take in 1 row" in made.text
    assert Plan.objects.filter(name="Bronze ($9.49 a month)", signup=False).exists()


def test_errors_hold_up_everything_where_that_is_chosen(today: Today, owner: Client) -> None:
    page = upload(today, owner, table(ada(today), ada(today, mailbox="a b")))
    answer = take_in(today, owner, page, "whole")
    assert answer.status_code == 422
    assert "Rows with an error: 1. So nothing was taken in." in answer.text
    assert not Customer.objects.filter(external_id="C-1").exists()


def test_what_changed_meanwhile_is_shown_anew(today: Today, owner: Client) -> None:
    page = upload(today, owner, table(ada(today, mailbox="139")))
    Mailbox.objects.filter(number="139").update(state=MailboxState.PENDING)
    answer = take_in(today, owner, page)
    assert "Something changed since you saw this, so nothing was taken in." in answer.text
    assert "Mailbox #139 is pending. Choose a free one." in answer.text
    assert not Customer.objects.filter(external_id="C-1").exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty."),
        (b"name\nAda", "no column named “external_id”"),
        (b"external_id\n" + b"C\n" * 20_001, "more than 20,000 rows"),
        (b"x" * (10 * 1024 * 1024), "This file has 10.0\xa0MB; the most is 5.0\xa0MB."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_at_the_field(
    today: Today, owner: Client, content: bytes, says: str
) -> None:
    page = upload(today, owner, content)
    assert page.status_code == 422
    assert says in " ".join(page.context["form"].errors["file"])
    assert not MovingIn.objects.exists()


def test_the_rows_are_filtered_and_taken_as_a_table(today: Today, owner: Client) -> None:
    bad = ada(today, external_id="C-2", name="=Bob", mailbox="302", price="nine")
    page = upload(today, owner, table(ada(today), bad))
    here = page.request["PATH_INFO"]
    shown = owner.get(here, {"outcome": "error"})
    assert "=Bob" in shown.text
    assert "Ada Lane" not in shown.text
    csv = owner.get(f"{here}csv/")
    text = b"".join(csv.streaming_content).decode()  # type: ignore[attr-defined]
    assert "3,Error,price: “nine” is not an amount of money." in text
    assert "'=Bob" in text


def test_pages_cost_the_same_for_any_number_of_rows(
    today: Today, owner: Client, django_assert_max_num_queries: Any
) -> None:
    rows = [ada(today, external_id=f"C-{n}", mailbox=str(300 + n)) for n in range(60)]
    with django_assert_max_num_queries(45):
        upload(today, owner, table(*rows))


def test_an_empty_house_is_shown_the_way(today: Today, owner: Client) -> None:
    assert address(today) in owner.get(address(today, "customers")).text
    viewer = signed_in(today, Role.VIEWER)
    assert address(today) not in viewer.get(address(today, "customers")).text
    example = owner.get(address(today, "moving_in_example"))
    assert example.text.startswith("\ufeffexternal_id,kind,name")


def test_everything_is_taken_along_by_the_owner_alone(today: Today, owner: Client) -> None:
    Customer.objects.filter(name="Ana Alvarez").update(notes="=1+1")
    here = address(today, "export_everything")
    answer: Any = owner.get(here)
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert archive.testzip() is None
        text = {it: archive.read(it).decode() for it in archive.namelist()}
    assert "'=1+1" in text["customers.csv"]
    assert text["invoices.csv"].startswith("\ufeffnumber,subscription id,customer id")
    assert "9.99" in text["invoice-lines.csv"]
    assert "Ana Alvarez" in text["customers-to-bring.csv"]
    assert signed_in(today, Role.MANAGER).get(here).status_code == 403


def test_memory_does_not_grow_with_what_is_taken_along(today: Today, owner: Client) -> None:
    Customer.objects.bulk_create(
        Customer(operator=today.house.operator, name=f"{n} {uuid4()}", added_at=today.at)
        for n in range(5_000)
    )
    answer: Any = owner.get(address(today, "export_everything"))
    pieces = [len(piece) for piece in answer.streaming_content]
    assert len(pieces) > 3
    assert max(pieces) < 200_000
