"""How a position looks: a bar and a sentence."""

from dataclasses import dataclass

from postroom.domain.operators.models import Operator
from postroom.domain.plans.services import Service
from postroom.domain.usage.allowances import Position
from postroom.ui.plain_words import THINGS


@dataclass(frozen=True)
class Bar:
    """A service in a month. Widths are per cent of the bar; without a limit there is no bar."""

    position: Position
    used: str
    sentence: str
    price: str
    within: float = 0
    beyond: float = 0

    @property
    def full(self) -> bool:
        return self.position.left == 0


def bars(positions: list[Position], operator: Operator, *, sees_money: bool) -> list[Bar]:
    """Will draw what is offered, and what was used although it is not."""
    return [
        _bar(position, operator, sees_money=sees_money)
        for position in positions
        if position.offered or position.used
    ]


def _bar(position: Position, operator: Operator, *, sees_money: bool) -> Bar:
    limit, used = position.limit, position.used
    scale = max(limit or 0, used) or 1
    return Bar(
        position,
        used=f"{used:,} of {limit:,}" if limit else f"{used:,}",
        sentence=" ".join(_sentences(position, operator, sees_money=sees_money)),
        price=operator.show(position.extra_minor) if sees_money else "",
        within=round(100 * (used - position.over) / scale, 2),
        beyond=round(100 * position.over / scale, 2),
    )


def _sentences(position: Position, operator: Operator, *, sees_money: bool) -> list[str]:
    if not position.offered:
        return ["Not offered by his plan: it bears no fee."]
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
