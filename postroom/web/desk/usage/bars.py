"""How a position looks: a bar and a sentence."""

from dataclasses import dataclass

from postroom.domain.billing.month_so_far import MonthSoFar
from postroom.domain.billing.rating import Part
from postroom.domain.operators.models import Operator
from postroom.domain.plans.plain_words import THINGS
from postroom.domain.plans.services import Service
from postroom.domain.usage.allowances import Position
from postroom.ui.templatetags.ui import day


@dataclass(frozen=True)
class Bar:
    """A service in a month. Widths are per cent of the bar; without a limit there is no bar."""

    position: Position
    used: str
    sentence: str
    #: Empty where there is none, or for people who do not see money.
    price: str = ""
    over: int = 0
    within: float = 0
    beyond: float = 0
    drawn: bool = False

    @property
    def full(self) -> bool:
        return self.position.left == 0


def bars(so_far: MonthSoFar, operator: Operator, *, sees_money: bool) -> list[Bar]:
    """Will draw what is offered, and what was used although it is not."""
    return [
        _bar(position, so_far.parts.get(position.service, []), operator, sees_money=sees_money)
        for position in so_far.positions
        if position.offered or position.used
    ]


def _bar(position: Position, parts: list[Part], operator: Operator, *, sees_money: bool) -> Bar:
    limit, used = position.limit, position.used
    if parts:
        return _in_parts(position, parts, operator, sees_money=sees_money)
    scale = max(limit or 0, used) or 1
    return Bar(
        position,
        used=f"{used:,} of {limit:,}" if limit else f"{used:,}",
        sentence=" ".join(_sentences(position, operator, sees_money=sees_money)),
        price=_price(position.extra_minor, operator, sees_money=sees_money),
        over=position.over,
        drawn=limit is not None,
        within=round(100 * (used - position.over) / scale, 2),
        beyond=round(100 * position.over / scale, 2),
    )


def _in_parts(
    position: Position, parts: list[Part], operator: Operator, *, sees_money: bool
) -> Bar:
    """Will say how each part stands: no one limit, and so no bar, is true of the whole month."""
    said = [f"The plan changed on {day(it.starts_on, operator)}." for it in parts[1:]]
    over, extra_minor = sum(it.over for it in parts), sum(it.amount_minor for it in parts)
    said += [f"{over:,} over in all."] if over else []
    return Bar(
        position,
        used=f"{position.used:,}",
        sentence=" ".join(said),
        price=_price(extra_minor, operator, sees_money=sees_money),
        over=over,
    )


def _price(extra_minor: int, operator: Operator, *, sees_money: bool) -> str:
    return operator.show(extra_minor) if extra_minor and sees_money else ""


def _sentences(position: Position, operator: Operator, *, sees_money: bool) -> list[str]:
    if not position.offered:
        return ["Not offered by their plan: it bears no fee."]
    if position.limit is None:
        return ["Unlimited."]
    if position.over:
        said = [f"{position.over:,} over."]
    else:
        said = [f"{position.left:,} left." if position.limit else "None included."]
    if sees_money:
        said.append(_next(position, operator))
    return said


def _next(position: Position, operator: Operator) -> str:
    """Will say what comes next: “The next one costs $0.50.”"""
    fee, block = operator.show(position.allowance.extra_fee_minor), position.allowance.extra_count
    monthly = " a month" if position.service == Service.RECIPIENTS else ""
    many = THINGS[position.service][1]
    if not position.allowance.extra_fee_minor:
        return f"More {many} cost nothing."
    if position.paid_ahead:
        return f"{position.paid_ahead:,} more in the block that is charged, then {fee}{monthly}."
    if position.left:
        each = "each" if block == 1 else f"for each {block:,} or fraction of it"
        return f"Then {fee}{monthly} {each}."
    if block == 1:
        return f"The next one costs {fee}{monthly}."
    return f"The next {block:,} or fraction of it cost {fee}{monthly}."
