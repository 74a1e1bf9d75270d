"""What monitoring reads: with the token alone, in two queries, for every operator."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from prometheus_client.parser import text_string_to_metric_families

from postroom.base.tenancy import as_operator
from postroom.demo.cast import House
from postroom.domain.billing.running import bill_operator
from postroom.domain.proof.acts import prove
from postroom.domain.proof.models import Proof
from tests.conftest import AT
from tests.web.billing_desk import now

TOKEN = "a-token-of-monitoring"


@pytest.fixture
def token(settings: Any) -> str:
    settings.METRICS_TOKEN = TOKEN
    return TOKEN


def get(token: str = TOKEN, scheme: str = "Bearer") -> Any:
    return Client().get("/metrics", headers={"authorization": f"{scheme} {token}"})


def read(slug: str) -> dict[str, float]:
    """Will return what is said of an operator, and of none."""
    response = get()
    assert response.status_code == 200
    assert response["content-type"].startswith("text/plain; version=0.0.4")
    return {
        sample.name.removeprefix("postroom_"): sample.value
        for family in text_string_to_metric_families(response.content.decode())
        for sample in family.samples
        if sample.labels.get("operator", slug) == slug
    }


def test_without_a_token_there_is_no_such_page(db: None, settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    assert get("").status_code == 404
    assert get(TOKEN).status_code == 404


@pytest.mark.parametrize(
    ("token_given", "scheme"), [("", "Bearer"), ("wrong", "Bearer"), (TOKEN, "Basic"), ("é", "é")]
)
def test_another_token_is_refused(token: str, token_given: str, scheme: str) -> None:
    response = get(token_given, scheme)
    assert response.status_code == 401
    assert b"postroom_" not in response.content
    assert Client().get("/metrics").status_code == 401
    assert Client().post("/metrics").status_code == 405


def test_what_is_said_of_an_operator(token: str, harbor: House) -> None:
    slug = harbor.operator.slug
    assert "proof_age_seconds" not in read(slug)
    bill_operator(harbor.operator, at=AT)
    at = now() - timedelta(hours=1)
    proof = prove(harbor.operator, at=at)
    with as_operator(harbor.operator.pk):
        Proof.objects.update(differences=3)
    said = read(slug)
    assert said["proof_age_seconds"] == pytest.approx(3600, abs=60)
    assert said["billing_age_seconds"] == pytest.approx((now() - AT).total_seconds(), abs=60)
    assert (said["proof_differences"], said["proof_invoices"]) == (3, proof.invoices)
    assert said["proof_invoices"] > 0
    assert said["billing_set_aside"] == 0
    assert said["jobs_waiting"] >= 0


def test_it_asks_the_same_however_many_operators(
    token: str, harbor: House, make_house: Callable[..., House]
) -> None:
    def asked() -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            get()
        return [it["sql"] for it in queries if "SELECT set_config" not in it["sql"]]

    few = len(asked())
    for house in (harbor, make_house("Neighbor Post")):
        prove(house.operator, at=AT)
    assert len(asked()) == few


def test_only_the_last_finished_proof_is_told(token: str, harbor: House) -> None:
    first = prove(harbor.operator, at=AT)
    with as_operator(harbor.operator.pk):
        Proof.objects.filter(pk=first.pk).update(differences=9)
    prove(harbor.operator, at=AT + timedelta(days=1))
    assert read(harbor.operator.slug)["proof_differences"] == 0
