"""Names: constraints in English, each broken by a test; migrations; words in the glossary."""

import re

import pytest
from django.apps import apps

from postroom.base.postman import Outcome
from postroom.domain.billing.models import LineKind, RunState
from postroom.domain.customers.models import Kind, MailboxState, Standing
from postroom.domain.documents.models import MailState
from postroom.domain.knowledge_base.models import Reason
from postroom.domain.notices.models import AnswerKind, DeliveryKind, EnvelopeState, Subject
from postroom.domain.operators.kinds import Feature, LogoKind, PhotoKind
from postroom.domain.operators.models import Role
from postroom.domain.plan_changes.models import ChangeKind
from postroom.domain.plan_changes.models import Outcome as ChangeOutcome
from postroom.domain.plans.services import Channel, MailType, Offer, Per, Service, Timing
from postroom.domain.proof.models import Check
from postroom.domain.proof.models import Kind as KindOfDifference
from postroom.domain.signups.models import SignupState, Source
from postroom.domain.subscriptions.models import Basis, Means, SwitchState, SwitchTiming
from tests.house.source import ROOT, files, short
from tests.tables import ask, our_models

#: Named by their key, and broken in test_keys.py for every table at once.
KEYS = re.compile(r"^[a-z_]+_(is_of_same_operator|exists|pkey)$")
#: Django's own for a number that is not negative; a named one beside it says what is allowed.
POSITIVE = re.compile(r"^[a-z]+_[a-z]+_[a-z_]+_check$")
GENERATED = re.compile(r"_[0-9a-f]{8}(_|$)")
#: Cannot be broken, since a narrower one is always broken first.
ONLY_TARGETS_OF_KEYS = {"end_of_a_term_can_be_followed"}
LONGEST = 63


def our_tables() -> list[str]:
    return [model._meta.db_table for model in our_models()]


def constraints() -> set[str]:
    """Will name every constraint, unique index and trigger on our tables."""
    rows = ask(
        "SELECT conname FROM pg_constraint WHERE conrelid::regclass::text = ANY (%s)"
        "   AND contype <> 'n'"
        " UNION SELECT tgname FROM pg_trigger"
        "   WHERE NOT tgisinternal AND tgrelid::regclass::text = ANY (%s)"
        " UNION SELECT indexrelid::regclass::text FROM pg_index"
        "   WHERE indisunique AND indrelid::regclass::text = ANY (%s)",
        *[our_tables()] * 3,
    )
    return {name for (name,) in rows}


def indexes() -> set[str]:
    rows = ask(
        "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid::regclass::text = ANY (%s)",
        our_tables(),
    )
    return {name for (name,) in rows}


def test_names_are_english(db: None) -> None:
    bad = {
        name
        for name in constraints() | indexes()
        if not (KEYS.match(name) or POSITIVE.match(name))
        and (len(name.split("_")) < 3 or len(name) > LONGEST or GENERATED.search(name))
    }
    assert bad == set()


def test_names_are_not_cut_off(db: None) -> None:
    assert {name for name in constraints() | indexes() if len(name.encode()) >= LONGEST} == set()


def test_every_constraint_is_broken_by_a_test(db: None) -> None:
    tests = "\n".join(file.read_text(encoding="utf-8") for file in files("tests/schema/**/*.py"))
    unbroken = {
        name
        for name in constraints() - ONLY_TARGETS_OF_KEYS
        if not (KEYS.match(name) or POSITIVE.match(name)) and f'"{name}"' not in tests
    }
    assert unbroken == set(), "a constraint that nobody violates in a test is a comment"


def test_migrations_are_named_by_a_person() -> None:
    machine = re.compile(r"_(auto|initial|alter|remove|rename|delete)(_|\.)|_and_more")
    named = {short(it) for it in files("postroom/**/migrations/0*.py") if machine.search(it.name)}
    assert named == set()


ENUMS = [
    *[Kind, MailboxState, Role, Channel, MailType, Offer, Per, Service, Timing, Basis, Means],
    *[SwitchTiming, SwitchState, LineKind, RunState],
    *[LogoKind, PhotoKind, Feature, MailState, Outcome],
    *[Check, KindOfDifference],
    *[Standing, SignupState, Source],
    *[Reason],
    *[Subject, EnvelopeState, DeliveryKind, AnswerKind, ChangeKind, ChangeOutcome],
]


@pytest.mark.parametrize("enum", ENUMS, ids=lambda it: it.__name__)
def test_the_words_of_choices_are_in_the_glossary(enum: type) -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").lower()
    missing = {word.value for word in enum if word.label.lower() not in glossary}  # type: ignore[attr-defined]
    assert missing == set()


def test_every_table_is_in_the_glossary() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").lower()
    missing = {it.__name__ for it in our_models() if f"**{it._meta.verbose_name}**" not in glossary}
    assert missing == set()
    assert len(our_models()) == len({it._meta.verbose_name for it in our_models()})


def test_models_belong_to_a_room() -> None:
    strays = [
        model._meta.label
        for model in apps.get_models()
        if model.__module__.startswith("postroom.")
        and not model.__module__.startswith("postroom.domain.")
    ]
    assert strays == []
