"""What happened, in words: the one place that turns an act and its facts into a sentence."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from babel.dates import format_date

from postroom.domain.events.models import Event

Facts = Mapping[str, Any]
#: Takes the facts and a function that writes a date; returns what follows the person's name.
Words = Callable[[Facts, Callable[[str], str]], str]

#: How the fields of tenant rows are called on the pages.
FIELDS = {
    "email": "e-mail",
    "postal_code": "postal code",
    "lead_gen": "lead-gen website",
    "signup": "signup URL",
    "internal": "Internal",
    "service_email": "service address",
    "time_zone": "time zone",
    "listed": "lead-gen website",
    "locale": "format of dates and amounts",
}

STATES = {"available": "available", "reserved": "reserved for online signup"}


def sentence(event: Event, locale: str = "en_US", *, sees_money: bool = True) -> str:
    """Will say what an event was: “Ana Alvarez changed e-mail and phone.”

    Without ``sees_money`` no plan is named.
    """
    if not sees_money and event.act in {"customer.joined_plan", "subscription.began"}:
        return f"{event.by_name} assigned a mailbox."
    words = WORDS.get(event.act)
    if words is None:
        return f"{event.by_name}: {event.act.replace('.', ' ').replace('_', ' ')}."

    def day(iso: str) -> str:
        return format_date(date.fromisoformat(iso), format="medium", locale=locale)

    return f"{event.by_name} {words(event.facts, day)}."


def is_about_money(act: str) -> bool:
    """Will tell whether an act is about plans, which a clerk does not see."""
    return act.startswith("plan.") or act in {
        "subscription.told",
        "subscription.clearance_voided",
    }


def fields_in_words(facts: Facts) -> str:
    """Will name the fields that were changed: “name, e-mail and phone”."""
    names = [FIELDS.get(field, field.replace("_", " ")) for field in facts]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _changed(facts: Facts, day: Callable[[str], str]) -> str:
    return f"changed {fields_in_words(facts)}"


def _joined(facts: Facts, day: Callable[[str], str]) -> str:
    cycle = {1: "monthly", 12: "annual"}.get(facts["months"], f"{facts['months']}-month")
    return f"assigned a mailbox on {facts['plan']}, version {facts['version']}, {cycle}"


def _published(facts: Facts, day: Callable[[str], str]) -> str:
    said = f"published version {facts['version']}, sold from {day(facts['sold_from'])}"
    if facts.get("existing_from"):
        said += f", for existing customers from {day(facts['existing_from'])}"
    return said + _why(facts)


def _told(facts: Facts, day: Callable[[str], str]) -> str:
    told_on = day(facts["told_on"])
    return f"recorded that the customer was told of version {facts['version']} on {told_on}" + _why(
        facts
    )


def _why(facts: Facts) -> str:
    reason = str(facts.get("reason", "")).rstrip(".")
    return f": {reason}" if reason else ""


def _role(facts: Facts, day: Callable[[str], str]) -> str:
    before, after = facts["role"]
    return f"changed a role from {before} to {after}"


def _mailboxes(facts: Facts, day: Callable[[str], str]) -> str:
    state = STATES.get(facts["state"], facts["state"])
    made = "1 mailbox" if facts["made"] == 1 else f"{facts['made']:,} mailboxes"
    return f"made {made}, {facts['first']} to {facts['last']}, {state}"


WORDS: dict[str, Words] = {
    "customer.added": lambda facts, day: "added the customer",
    "customer.changed": _changed,
    "customer.joined_plan": _joined,
    "location.added": lambda facts, day: "added the location",
    "location.changed": _changed,
    "location.mailboxes_made": _mailboxes,
    "mailbox.reserved": lambda facts, day: "reserved the mailbox for online signup",
    "mailbox.made_available": lambda facts, day: "made the mailbox available to staff",
    "operator.changed": _changed,
    "plan.copied": lambda facts, day: f"copied this plan from {facts['from']}",
    "plan.created": lambda facts, day: "made the plan",
    "plan.made_legacy": lambda facts, day: (
        f"kept existing customers on the old terms, as {facts['legacy']}" + _why(facts)
    ),
    "operator.opened": lambda facts, day: f"opened {facts['name']}",
    "plan.took_over": lambda facts, day: f"made this plan in the place of {facts['legacy']}",
    "plan.version_published": _published,
    "plan.words_changed": _changed,
    "staff.added": lambda facts, day: f"added {facts['email']} as {facts['role']}",
    "staff.changed": _role,
    "staff.removed": lambda facts, day: f"removed {facts['email']} from the staff",
    "subscription.began": _joined,
    "subscription.told": _told,
    "subscription.clearance_voided": lambda facts, day: (
        "voided what was recorded about telling the customer" + _why(facts)
    ),
    "usage.entered": lambda facts, day: (
        f"counted {facts['quantity']:,} for {facts['service']} on {day(facts['on'])}"
    ),
    "usage.corrected": lambda facts, day: (
        f"corrected {facts['service']} on {day(facts['on'])}"
        f" from {facts['counts'][0]:,} to {facts['counts'][1]:,}" + _why(facts)
    ),
}
