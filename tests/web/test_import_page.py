"""The page that imports plans: upload, see what each row would do, apply."""

from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from postroom.base.tenancy import as_operator
from postroom.demo.cast import House
from postroom.demo.tables import DATA
from postroom.domain.operators.models import Role, Staff
from postroom.domain.plan_changes.models import PlanImport
from postroom.domain.plans.models import Plan

SIGNING_IN = "postroom.domain.users.signing_in.SigningIn"


def signed_in(house: House, role: Role = Role.OWNER) -> Client:
    client = Client()
    with as_operator(house.operator.pk):
        user = Staff.objects.select_related("user").get(role=role).user
    client.force_login(user, backend=SIGNING_IN)
    return client


@pytest.fixture
def owner(harbor: House) -> Client:
    return signed_in(harbor)


def address(house: House, view: str = "plans_import", *more: int) -> str:
    return reverse(f"desk:{view}", args=[house.operator.slug, *more])


def upload(house: House, client: Client, content: bytes, name: str = "a.csv") -> Any:
    return client.post(address(house), {"file": SimpleUploadedFile(name, content)}, follow=True)


def plans(house: House) -> list[str]:
    with as_operator(house.operator.pk):
        return sorted(Plan.objects.values_list("name", flat=True))


def test_a_table_is_shown_before_anything_is_changed(harbor: House, owner: Client) -> None:
    page = upload(harbor, owner, (DATA / "plans.csv").read_bytes(), "plans.csv")
    assert page.status_code == 200
    assert "Nothing is changed yet." in page.text
    assert "Apply 37 rows" in page.text
    assert "1 row has an error and is left out." in page.text
    assert "Not imported: recipients “+20.00/user”." in page.text
    assert plans(harbor) == ["Bronze"]


def test_apply_applies_once_and_shows_what_came_of_it(harbor: House, owner: Client) -> None:
    page = upload(harbor, owner, b"plan,monthly_rate\nTeal,1.00\nOlive,ten\nBronze,1.00")
    here = page.request["PATH_INFO"]
    for _ in range(2):
        page = owner.post(here, follow=True)
        assert page.status_code == 200
        assert "Applied: 1 plan." in page.text
    assert "Needs your answer" in page.text
    assert reverse("desk:plan", args=[harbor.operator.slug, harbor.bronze.pk]) in page.text
    assert "“ten” is not an amount of money." in page.text
    assert "Apply 1 row" not in page.text
    assert plans(harbor) == ["Bronze", "Teal"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty."),
        (b"name of it\nTeal", "no column named “plan”"),
        (b"plan\n" + b"Teal\n" * 5_001, "more than 5,000 rows"),
        (b"x" * (settings.UPLOAD_LIMIT * 2), "This file has 10.0\xa0MB; the most is 5.0\xa0MB."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_at_the_field(
    harbor: House, owner: Client, content: bytes, says: str
) -> None:
    page = upload(harbor, owner, content)
    assert page.status_code == 422
    assert says in " ".join(page.context["form"].errors["file"])
    with as_operator(harbor.operator.pk):
        assert not PlanImport.objects.exists()


def test_without_a_file_it_asks_for_one(harbor: House, owner: Client) -> None:
    page = owner.post(address(harbor))
    assert (page.status_code, page.context["form"].errors["file"]) == (422, ["Choose a file."])


def test_western_european_text_is_said(harbor: House, owner: Client) -> None:
    page = upload(harbor, owner, "plan;monthly_rate\nBrønze;1.00".encode("cp1252"))
    assert "Brønze" in page.text
    assert "read as Western European text" in page.text


def test_rows_are_found_by_outcome_and_name(harbor: House, owner: Client) -> None:
    page = upload(harbor, owner, (DATA / "plans.csv").read_bytes())
    here = page.request["PATH_INFO"]
    found = owner.get(here, {"outcome": "error"}).context["table"]
    assert [it.record.name for it in found.rows] == ["(all plans, storage)"]
    found = owner.get(here, {"q": "silver", "sort": "-name"}).context["table"]
    assert [it.record.row for it in found.rows] == [18, 22, 4]


def test_the_template_is_downloaded(harbor: House, owner: Client) -> None:
    answer: HttpResponse = owner.get(address(harbor, "plans_import_template"))
    assert answer.content.startswith("\ufeffplan,description,currency,monthly_rate".encode())
    assert "attachment" in answer["Content-Disposition"]
    assert "Apply 1 row" in upload(harbor, owner, answer.content).text


@pytest.mark.parametrize(
    ("role", "status"), [(Role.MANAGER, 200), (Role.CLERK, 403), (Role.VIEWER, 403)]
)
def test_only_who_runs_plans_imports_them(harbor: House, role: Role, status: int) -> None:
    client = signed_in(harbor, role)
    assert client.get(address(harbor)).status_code == status
    assert upload(harbor, client, b"plan,monthly_rate\nTeal,1.00").status_code == status


def test_a_neighbours_import_is_not_there(harbor: House, make_house: Any, owner: Client) -> None:
    page = upload(harbor, owner, b"plan,monthly_rate\nTeal,1.00")
    number = page.context["kept"].pk
    neighbor = make_house("Neighbor Post")
    stranger = signed_in(neighbor)
    assert stranger.get(address(neighbor, "plan_import", number)).status_code == 404
    assert stranger.post(address(neighbor, "plan_import", number)).status_code == 404
    assert plans(harbor) == ["Bronze"]
