"""Who was promised what, from when until when."""

from postroom.domain.subscriptions.models.lead import Lead, LeadSource
from postroom.domain.subscriptions.models.promises import (
    Chosen,
    Clearance,
    ClearanceVoid,
    Means,
    Pin,
    PriceLock,
)
from postroom.domain.subscriptions.models.switches import Switch, SwitchState, SwitchTiming
from postroom.domain.subscriptions.models.terms import Basis, Subscription, Term

__all__ = [
    "Basis",
    "Chosen",
    "Clearance",
    "ClearanceVoid",
    "Lead",
    "LeadSource",
    "Means",
    "Pin",
    "PriceLock",
    "Subscription",
    "Switch",
    "SwitchState",
    "SwitchTiming",
    "Term",
]
