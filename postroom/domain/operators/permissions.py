"""The roles, and what each may do. A clerk sees mail, never money."""

from enum import Enum, auto

from django.db.models import TextChoices


class Role(TextChoices):
    """What somebody is at an operator."""

    OWNER = "owner"
    MANAGER = "manager"
    CLERK = "clerk"
    VIEWER = "viewer"


class May(Enum):
    SEE_MAIL = auto()  #: customers, mailboxes, locations
    SEE_MONEY = auto()  #: plans, rates, what anybody pays
    RUN_CUSTOMERS = auto()  #: add and change customers, assign mailboxes and plans
    RUN_PLANS = auto()  #: change plans and answer the question
    RUN_BILLING = auto()  #: start, stop and try out billing runs
    RUN_HOUSE = auto()  #: staff, locations, the operator itself


ALLOWED: dict[Role, frozenset[May]] = {
    Role.OWNER: frozenset(May),
    Role.MANAGER: frozenset(
        {May.SEE_MAIL, May.SEE_MONEY, May.RUN_CUSTOMERS, May.RUN_PLANS, May.RUN_BILLING}
    ),
    Role.CLERK: frozenset({May.SEE_MAIL}),
    Role.VIEWER: frozenset({May.SEE_MAIL, May.SEE_MONEY}),
}


def allows(role: str, permission: May) -> bool:
    """Will tell whether a role may do something."""
    return permission in ALLOWED[Role(role)]
