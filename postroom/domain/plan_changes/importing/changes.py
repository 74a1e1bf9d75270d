"""What a row would change of a plan, in short sentences for its report."""

from collections.abc import Iterator

from postroom.domain.operators.models import Operator
from postroom.domain.plan_changes.importing.rows import Row
from postroom.domain.plans.actions import Words
from postroom.domain.plans.services import MailType, Offer, Service
from postroom.domain.plans.terms import Allowance, Difference, StorageRule, Term, Terms, differences

MAIN_TERMS = {1: "Monthly rate", 12: "Annual rate"}
WORDS = {
    "description": "Description",
    "internal": "Internal",
    "signup": "Signup URL",
    "lead_gen": "Lead-gen website",
    "locations": "Locations",
}
AMOUNTS = {"rate", "fee", "extra_fee", "cap"}


def changes(operator: Operator, words: Words, terms: Terms, row: Row) -> list[str]:
    """Will list what a row changes, as “Monthly rate: $9.99 → $10.99”."""
    return [
        *_words(words, row.words),
        *(_sentence(operator, difference) for difference in differences(terms, row.terms)),
    ]


def _words(old: Words, new: Words) -> Iterator[str]:
    for field, label in WORDS.items():
        before, after = getattr(old, field), getattr(new, field)
        if before == after:
            continue
        if isinstance(after, bool):
            yield f"{label}: {'ticked' if after else 'no longer ticked'}"
        else:
            yield f"{label} changed"


def _sentence(operator: Operator, difference: Difference) -> str:
    what, aspect = difference.what, difference.aspect
    if isinstance(what, Term):
        label = MAIN_TERMS.get(what.months, f"Rate for {what.months} months")
    elif isinstance(what, Service | MailType):
        label = str(what.label)
        label = label if aspect in {"offer", "limit"} else f"{label}, {_plain(aspect)}"
        label = f"Storage of a {label.lower()}" if isinstance(what, MailType) else label
    else:
        label = _plain(what).capitalize()
    old, new = (_value(operator, aspect, it) for it in (difference.old, difference.new))
    return f"{label}: {old} → {new}"


def _value(operator: Operator, aspect: str, value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, Allowance):
        return Offer(value.offer).label.lower() if value.limit is None else str(value.limit)
    if isinstance(value, StorageRule):
        return f"{value.free_days} days free, then {operator.show(value.fee_minor)} a {value.per}"
    if aspect in AMOUNTS and isinstance(value, int):
        return operator.show(value)
    return str(value)


def _plain(word: str) -> str:
    return word.replace("_", " ")
