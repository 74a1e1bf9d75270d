"""What a proof looks at, in order, and what each check proves."""

from postroom.domain.proof.checks import (
    accounts,
    charges,
    faith,
    lines,
    numbers,
    open_items,
    postings,
    taxes,
    terms,
    totals,
)
from postroom.domain.proof.faults import Step
from postroom.domain.proof.models import Check

STEPS = (
    Step(
        Check.LINES,
        "Every rate, credit, fee and extra is worked out again from terms, plan versions and usage "
        "with its corrections.",
        lines.look,
    ),
    Step(Check.TOTALS, "The lines of each document sum to its totals.", totals.look),
    Step(Check.TAXES, "Tax is its percentage of what is taxed, rounded once.", taxes.look),
    Step(Check.CHARGES, "Each charge by hand is billed once, as it was entered.", charges.look),
    Step(
        Check.POSTINGS,
        "The postings of each document sum to nothing and say what it says.",
        postings.look,
    ),
    Step(
        Check.OPEN_ITEMS,
        "What is left of each document is its amount less what was put there.",
        open_items.look,
    ),
    Step(
        Check.ACCOUNTS,
        "What is open of each customer is what was posted as receivable.",
        accounts.look,
    ),
    Step(
        Check.NUMBERS,
        "Invoices and credit notes are numbered from 1 without a gap.",
        numbers.look,
    ),
    Step(
        Check.TERMS,
        "Terms tile without gap or overlap, anchored on the billing day, and nothing is due that "
        "would never be billed.",
        terms.look,
    ),
    Step(
        Check.FAITH,
        "Nobody has worse terms without having been told, but by their own choice.",
        faith.look,
    ),
)
BY_NAME = {step.name.value: step for step in STEPS}
AFTER = {step.name.value: later for step, later in zip(STEPS, [*STEPS[1:], None], strict=True)}
