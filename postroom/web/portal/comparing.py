"""Other plans beside one's own, in plain words."""

from dataclasses import dataclass

from django.urls import reverse

from postroom.domain.operators.models import Operator
from postroom.domain.plans.plain_words import (
    InWords,
    Show,
    difference_in_words,
    in_words,
    rate_in_words,
)
from postroom.domain.plans.published import Offered
from postroom.domain.plans.services import Service
from postroom.domain.plans.terms import Difference, Term, Terms, Verdict, differences
from postroom.web.offers import rates_in_words

#: In the order in which a customer wants to know them.
HEADINGS = {Verdict.BETTER: "Better", Verdict.WORSE: "Worse", Verdict.NEUTRAL: "Also different"}

#: What differs under each heading.
Found = list[tuple[str, list[InWords]]]


@dataclass(frozen=True)
class Other:
    """A plan beside mine: its rate for my cycle, and how it differs."""

    offered: Offered
    url: str
    rate: str
    #: Whether there is a rate for terms as long as mine.
    for_my_cycle: bool
    #: Whether it is my plan, as it is sold to new customers today.
    is_mine: bool
    differences: Found


def beside(
    mine: Terms, offered: Offered, *, months: int, operator: Operator, plan_id: int
) -> Other:
    """Will set a plan beside a customer's own terms, which are of that plan."""
    amount = offered.terms.rates.get(months)
    return Other(
        offered=offered,
        url=reverse("signup:plan", args=[operator.slug, offered.link]),
        rate=", ".join(rates_in_words(offered.terms, operator.show))
        if amount is None
        else rate_in_words(months, amount, operator.show),
        for_my_cycle=amount is not None,
        is_mine=offered.id == plan_id,
        differences=found(mine, offered.terms, months=months, show=operator.show),
    )


def found(mine: Terms, others: Terms, *, months: int, show: Show) -> Found:
    """Will say what differs for somebody with terms of so many months, under headings."""
    mattering = [
        it
        for it in differences(mine, others)
        if not isinstance(it.what, Term) or it.what.months == months
    ]
    return [
        (heading, [_said(it, mine, others, show) for it in mattering if it.verdict is verdict])
        for verdict, heading in HEADINGS.items()
        if any(it.verdict is verdict for it in mattering)
    ]


def _said(difference: Difference, mine: Terms, others: Terms, show: Show) -> InWords:
    """Will say a difference; of a service offered in another way, all that is offered of it."""
    said, what = difference_in_words(difference, show), difference.what
    if not isinstance(what, Service) or difference.aspect != "offer":
        return said
    return said._replace(
        before=in_words(what, mine.allowance(what), show),
        after=in_words(what, others.allowance(what), show),
    )
