"""What is worse, clause by clause, and terms as plain JSON."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postroom.domain.plans.services import MailType, Offer, Per, Service
from postroom.domain.plans.terms import (
    Allowance,
    StorageRule,
    Terms,
    Verdict,
    differences,
    is_worse,
    pack,
    unpack,
)

SCAN = Service.OPEN_AND_SCAN
HELD = Terms(
    rates={1: 1000, 12: 10000},
    setup_fee_minor=500,
    deposit_minor=500,
    allowances={
        SCAN: Allowance(Offer.RESTRICTED, 10, 5, 100),
        Service.PICKUP: Allowance(Offer.UNLIMITED),
        Service.STORAGE: Allowance(Offer.RESTRICTED),
    },
    storage={MailType.LETTER: StorageRule(30, 50, Per.WEEK, 1000)},
)


def with_scan(allowance: Allowance) -> Terms:
    return replace(HELD, allowances={**HELD.allowances, SCAN: allowance})


def with_letters(**changes: Any) -> Terms:
    letters = replace(HELD.storage[MailType.LETTER], **changes)
    return replace(HELD, storage={MailType.LETTER: letters})


def without(service: Service) -> Terms:
    return replace(
        HELD, allowances={key: it for key, it in HELD.allowances.items() if key != service}
    )


def offering(more: Mapping[Service, Allowance]) -> Terms:
    return replace(HELD, allowances={**HELD.allowances, **more})


NO_CAP = replace(
    HELD, storage={MailType.LETTER: replace(HELD.storage[MailType.LETTER], cap_minor=None)}
)
FREE = Allowance(Offer.RESTRICTED, 3, 1, 900)

WORSE = {
    "a higher rate": replace(HELD, rates={1: 1001, 12: 10000}),
    "a lower limit": with_scan(Allowance(Offer.RESTRICTED, 9, 5, 100)),
    "a higher extra fee": with_scan(Allowance(Offer.RESTRICTED, 10, 5, 101)),
    "a smaller extra count": with_scan(Allowance(Offer.RESTRICTED, 10, 4, 100)),
    "unlimited becomes restricted": offering(
        {Service.PICKUP: Allowance(Offer.RESTRICTED, 999, 1, 0)}
    ),
    "a service no longer offered": without(SCAN),
    "storage no longer offered": replace(without(Service.STORAGE), storage={}),
    "fewer free days": with_letters(free_days=29),
    "a higher storage fee": with_letters(fee_minor=51),
    "a longer unit": with_letters(per=Per.MONTH),
    "a shorter unit": with_letters(per=Per.DAY),
    "a cap raised": with_letters(cap_minor=1001),
    "a cap dropped": with_letters(cap_minor=None),
    "a fee for packages that were free": replace(
        HELD, storage={**HELD.storage, MailType.PACKAGE: StorageRule(30, 1)}
    ),
    "one thing better, one worse": replace(
        with_scan(Allowance(Offer.RESTRICTED, 9, 5, 100)), rates={1: 1}
    ),
}
NOT_WORSE = {
    "the same": HELD,
    "a lower rate": replace(HELD, rates={1: 999, 12: 10000}),
    "a higher rate of another term": replace(HELD, rates={1: 1000, 12: 99999}),
    "another term gone": replace(HELD, rates={1: 1000}),
    "another term added": replace(HELD, rates={1: 1000, 3: 9999, 12: 10000}),
    "setup fee and deposit": replace(HELD, setup_fee_minor=9999, deposit_minor=9999),
    "a higher limit": with_scan(Allowance(Offer.RESTRICTED, 11, 5, 100)),
    "a lower extra fee": with_scan(Allowance(Offer.RESTRICTED, 10, 5, 99)),
    "a larger extra count": with_scan(Allowance(Offer.RESTRICTED, 10, 6, 100)),
    "restricted becomes unlimited": with_scan(Allowance(Offer.UNLIMITED)),
    "a service newly offered": offering({Service.FORWARD: FREE}),
    "more free days": with_letters(free_days=31),
    "a lower storage fee": with_letters(fee_minor=49),
    "a cap lowered": with_letters(cap_minor=999),
    "storage without a fee": replace(HELD, storage={}),
    "storage unlimited": replace(
        offering({Service.STORAGE: Allowance(Offer.UNLIMITED)}), storage={}
    ),
}


@pytest.mark.parametrize("what", WORSE)
def test_worse(what: str) -> None:
    assert is_worse(HELD, WORSE[what], 1)


@pytest.mark.parametrize("what", NOT_WORSE)
def test_not_worse(what: str) -> None:
    assert not is_worse(HELD, NOT_WORSE[what], 1)


def test_a_first_cap_is_better() -> None:
    assert not is_worse(NO_CAP, HELD, 1)


def test_the_rate_that_counts_is_that_of_his_own_term() -> None:
    dearer_by_the_year = replace(HELD, rates={1: 1000, 12: 10001})
    assert is_worse(HELD, dearer_by_the_year, 12)
    assert not is_worse(HELD, dearer_by_the_year, 1)


def test_storage_newly_offered_is_never_worse() -> None:
    had_none = replace(without(Service.STORAGE), storage={})
    assert not is_worse(had_none, HELD, 1)


def test_differences_name_what_changed() -> None:
    changed = replace(WORSE["a lower limit"], rates={1: 900}, deposit_minor=0)
    found = [(str(it.aspect), it.old, it.new, it.verdict) for it in differences(HELD, changed)]
    assert found == [
        ("rate", 1000, 900, Verdict.BETTER),
        ("rate", 10000, None, Verdict.NEUTRAL),
        ("fee", 500, 0, Verdict.NEUTRAL),
        ("limit", 10, 9, Verdict.WORSE),
    ]
    assert differences(HELD, HELD) == []


allowances = st.builds(
    Allowance,
    st.just(Offer.RESTRICTED),
    st.integers(0, 99),
    st.integers(1, 9),
    st.integers(0, 999),
) | st.just(Allowance(Offer.UNLIMITED))
rules = st.builds(
    StorageRule,
    st.integers(0, 99),
    st.integers(0, 99),
    st.sampled_from(Per),
    st.none() | st.integers(0, 99),
)
any_terms = st.builds(
    Terms,
    rates=st.dictionaries(st.integers(1, 120), st.integers(0, 10**9), max_size=4),
    setup_fee_minor=st.integers(0, 99),
    deposit_minor=st.integers(0, 99),
    allowances=st.dictionaries(st.sampled_from(Service), allowances),
    storage=st.dictionaries(st.sampled_from(MailType), rules),
)


@given(any_terms)
def test_packed_terms_come_back_as_they_were(terms: Terms) -> None:
    assert unpack(json.loads(json.dumps(pack(terms)))) == terms
    assert not is_worse(terms, terms, 1)


@given(old=any_terms, new=any_terms)
def test_nothing_changes_for_the_worse_without_a_difference(old: Terms, new: Terms) -> None:
    verdicts = {it.verdict for it in differences(old, new)}
    if any(is_worse(old, new, months) for months in range(1, 121)):
        assert Verdict.WORSE in verdicts


def test_a_limit_belongs_to_restricted_alone() -> None:
    with pytest.raises(ValueError, match="only a restricted"):
        Allowance(Offer.UNLIMITED, 5)
