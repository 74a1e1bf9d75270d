"""How an account stands and how money came, in words."""

from django import template

from postroom.domain.billing.models import Method, Payment
from postroom.domain.operators.models import Operator

register = template.Library()


@register.filter
def stands(balance_minor: int, operator: Operator) -> str:
    """Will say what a customer owes: “owes $9.99”, “$5.00 in their favour”, “nothing owed”."""
    if balance_minor > 0:
        return f"owes {operator.show(balance_minor)}"
    if balance_minor < 0:
        return f"{operator.show(-balance_minor)} in their favour"
    return "nothing owed"


@register.filter
def size_of(minor: int) -> int:
    """Will drop the sign of an amount whose side the page says in words."""
    return abs(minor)


@register.filter
def by_what(payment: Payment) -> str:
    """Will say how the money came: “Check 1044”, or “Transfer, Rent of May”."""
    between = " " if payment.method == Method.CHECK else ", "
    return between.join(filter(None, [payment.get_method_display(), payment.reference]))
