"""Reading scenario files: what is malformed gets one clear sentence, and the rest its defaults."""

import json
from copy import deepcopy
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from postroom.domain.plans.services import Offer, Service
from postroom.scenarios.documents import Malformed, Place
from postroom.scenarios.examples import Scenario
from postroom.scenarios.reading import scenario_in, scenarios_in

SOUND: dict[str, Any] = {
    "id": "X",
    "given": {
        "currency": "USD",
        "time_zone": "America/New_York",
        "last_day": "2025-03-01",
        "plans": {"p": {"versions": [{"sold_from": "2025-01-01", "rates": {"1": "10.00"}}]}},
        "subscriptions": {"s1": {"plan": "p", "months": 1, "starts_on": "2025-01-05"}},
    },
}
GONE = object()
VERSION = "given.plans.p.versions.0"
HIS = "given.subscriptions.s1"


def with_change(path: str, value: object) -> dict[str, Any]:
    document = deepcopy(SOUND)
    *way, last = path.split(".")
    place: Any = document
    for step in way:
        place = place[int(step) if isinstance(place, list) else step]
    if value is GONE:
        del place[last]
    else:
        place[last] = value
    return document


def read(document: object) -> Scenario:
    return scenario_in(Place(document, "X"))


def used(**change: object) -> list[dict[str, object]]:
    sound = {"id": "a", "subscription": "s1", "service": "shred", "at": "2025-01-06", "quantity": 1}
    return [sound | change]


MALFORMED = [
    ("id", GONE, "id is missing"),
    ("id", "a\nb", "id must be a text without control characters"),
    ("given.currency", "usd", 'given.currency must be a currency such as USD, not "usd"'),
    ("given.time_zone", "../etc", "given.time_zone must be a time zone"),
    ("given.plans", {}, "given.plans must hold at least one plan"),
    ("given.subscriptions", {}, "given.subscriptions must hold at least one subscription"),
    ("given.colour", "red", "given.colour is not a field that is known here"),
    (f"{VERSION}.rates", {}, "rates must hold at least one rate"),
    (f"{VERSION}.rates", {"0": "1"}, "must be a number of months from 1 to 120"),
    (f"{VERSION}.rates", {"121": "1"}, "must be a number of months from 1 to 120"),
    (f"{VERSION}.rates.1", 10, 'versions[0].rates.1 must be a number in quotes such as "9.99"'),
    (f"{VERSION}.rates.1", "10.001", "has more than 2 decimal places"),
    (f"{VERSION}.rates.1", "9,99", "must be a number in quotes"),
    (f"{VERSION}.rates.1", "-1", "must be zero or above"),
    (f"{VERSION}.rates.1", "1e9", "must be a number in quotes"),
    (f"{VERSION}.rates.1", "10000001", "must be at most 10000000"),
    (f"{VERSION}.allowances", {"scan": "unlimited"}, "allowances.scan is not a service"),
    (f"{VERSION}.allowances", {"shred": {}}, "allowances.shred.limit is missing"),
    (f"{VERSION}.allowances", {"shred": {"limit": True}}, "must be a whole number from 0"),
    (f"{VERSION}.allowances", {"shred": {"limit": -1}}, "must be a whole number from 0"),
    (f"{VERSION}.sold_from", "2025-02-30", "sold_from must be a day such as 2026-01-31"),
    (f"{VERSION}.timing", "now", "timing must be one of next_term, on_date"),
    (f"{HIS}.plan", "q", f'{HIS}.plan must be a plan of this scenario, not "q"'),
    (f"{HIS}.months", 121, "months must be a whole number from 1 to 120, not 121"),
    (f"{HIS}.billing_day", 32, "billing_day must be a whole number from 1 to 31, not 32"),
    (f"{HIS}.closes_on", "2025-01-04", "closes_on must be a day from 2025-01-05 on"),
    (f"{HIS}.pinned_version", 2, "pinned_version must be a whole number from 1 to 1, not 2"),
    (
        f"{HIS}.switches",
        [{"on": "2025-01-06", "to": "q", "months": 1, "timing": "now"}],
        f"{HIS}.switches[0].to must be a plan of this scenario",
    ),
    ("given.usage", used(subscription="s2"), "usage[0].subscription must be a subscription of"),
    ("given.usage", used(service="storage"), "service cannot be storage, which lasts"),
    ("given.usage", used(at="2025-01-06T25:00"), "at must be a day or a time such as"),
    ("given.usage", used(quantity=1.5), "quantity must be a whole number"),
    ("given.notices", "maybe", 'given.notices must be "assume", "none" or a list'),
    (
        "given.notices",
        [{"subscription": "s1", "version": 2, "accepted_on": "2025-01-06"}],
        "notices[0].version must be a whole number from 1 to 1, not 2",
    ),
    ("given.last_day", GONE, "given.last_day is missing, and no expected line yields it"),
    ("given.last_day", "2025-01-04", "has a last day, 2025-01-04, before its first, 2025-01-05"),
    ("given.last_day", "2199-12-31", "The most is 36600"),
    ("given.tax_percent", "100.1", "tax_percent must be a percentage from 0 to 100"),
    ("expect", {"lines": {"s2": []}}, "expect.lines.s2 is not a subscription of this scenario"),
    ("expect", {"refused": [{"subscription": "s2", "on": "2025-01-05"}]}, "must be a subscription"),
    (
        "expect",
        {"lines": {"s1": [{"kind": "fee", "from": "", "to": "", "amount": ""}]}},
        'from must be a day such as 2026-01-31, from 1900 to 2199, not ""',
    ),
]


@pytest.mark.parametrize(("path", "value", "said"), MALFORMED)
def test_malformed_gets_one_sentence(path: str, value: object, said: str) -> None:
    with pytest.raises(Malformed) as refusal:
        read(with_change(path, value))
    sentence = str(refusal.value)
    assert sentence.startswith("X: ") and sentence.endswith(".")
    assert said in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b'{"id": "\xff"}', "it is not UTF-8"),
        (b'{"id": "X", "id": "X"}', 'the key "id" stands twice in one object'),
        (b'{"id": NaN}', "NaN is not a number"),
        (b'{"id": "X",}', "it is not JSON (line 1, column 12"),
        (b"[" * 100_000, "it cannot be read as JSON"),
        (b"[1" + b"0" * 5_000 + b"]", "it cannot be read as JSON"),
        (b"[]", "there is no scenario in it"),
        (b'"X"', "it must be a scenario or a list of them"),
        (b"[3]", "scenario 1: the scenario must be an object, not 3"),
        (json.dumps([SOUND, SOUND]).encode(), "two scenarios are called X"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "examples.json"
    file.write_bytes(content)
    with pytest.raises(Malformed) as refusal:
        scenarios_in(file)
    assert str(refusal.value).startswith(f"{file}: ")
    assert said in str(refusal.value)


@pytest.mark.parametrize(("name", "said"), [("none.json", "no such file"), (".", "a directory")])
def test_no_file_is_no_traceback(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(Malformed, match=said):
        scenarios_in(tmp_path / name)


def test_what_is_left_out_has_its_default() -> None:
    scenario = read(SOUND)
    assert (scenario.first_day, scenario.last_day) == (date(2025, 1, 5), date(2025, 3, 1))
    assert scenario.customers["s1"].billing_day == 5
    assert (scenario.notices, scenario.tax_percent, scenario.expect) == ("assume", 0, None)


def test_a_later_version_lists_only_what_changes() -> None:
    first = {
        "sold_from": "2025-01-01",
        "rates": {"1": "10.00"},
        "setup_fee": "5.00",
        "allowances": {"shred": {"limit": 2, "extra_fee": "1.00"}, "forward": "not_offered"},
    }
    versions = [first, {"sold_from": "2025-02-01", "rates": {"12": "99.00"}}]
    one, two = read(with_change("given.plans.p.versions", versions)).plans["p"]
    assert (one.terms.rates, two.terms.rates) == ({1: 1000}, {12: 9900})
    assert two.terms.setup_fee_minor == 500
    assert two.terms.allowances == one.terms.allowances
    assert one.terms.allowances[Service.SHRED].extra_count == 1
    assert two.existing_from is None


def test_amounts_have_the_decimals_of_their_currency() -> None:
    document = with_change("given.currency", "KWD")
    document["given"]["plans"]["p"]["versions"][0]["rates"] = {"1": "3.750", "12": "40"}
    assert read(document).plans["p"][0].terms.rates == {1: 3750, 12: 40_000}
    with pytest.raises(Malformed, match="more than 0 decimal places"):
        read(with_change("given.currency", "JPY"))


def test_storage_is_offered_without_a_count() -> None:
    document = with_change(f"{VERSION}.allowances", {"storage": {"limit": 30, "extra_fee": "1"}})
    offered = read(document).plans["p"][0].terms.allowances[Service.STORAGE]
    assert (offered.offer, offered.limit) == (Offer.RESTRICTED, None)


@pytest.mark.parametrize(
    ("at", "when", "on"),
    [
        ("2025-01-06", date(2025, 1, 6), date(2025, 1, 6)),
        ("2025-01-06T23:59:59", datetime(2025, 1, 6, 23, 59, 59), date(2025, 1, 6)),  # noqa: DTZ001
        ("2025-01-07T04:59:59Z", None, date(2025, 1, 6)),
        ("2025-01-07T00:00:00-05:00", None, date(2025, 1, 7)),
    ],
)
def test_usage_falls_on_a_day_of_the_location(at: str, when: date | None, on: date) -> None:
    [use] = read(with_change("given.usage", used(at=at))).used
    assert use.on == on
    assert when is None or use.when == when


def test_the_last_day_is_that_of_the_last_expected_line() -> None:
    document = with_change("given.last_day", GONE)
    rate = {"kind": "rate", "from": "2025-02-05", "to": "2025-03-05", "amount": "1.00"}
    extra = {"kind": "extra", "from": "2025-01-05", "to": "2025-02-20", "amount": "1.00"}
    document["expect"] = {"lines": {"s1": [rate]}}
    assert read(document).expect.last_day == date(2025, 2, 5)  # type: ignore[union-attr]
    document["expect"] = {"lines": {"s1": [rate, extra]}}
    assert read(document).expect.last_day == date(2025, 2, 20)  # type: ignore[union-attr]


def test_nobody_is_pinned_to_what_is_not_sold_yet() -> None:
    document = with_change(f"{HIS}.pinned_version", 2)
    document["given"]["plans"]["p"]["versions"].append({"sold_from": "2025-01-06"})
    with pytest.raises(Malformed, match="is version 2, which is sold from 2025-01-06"):
        read(document)
