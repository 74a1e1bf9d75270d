"""What happened, in words: the one place that turns an act and its facts into a sentence."""

from collections.abc import Callable
from datetime import date

from babel.dates import format_date

from postroom.domain.events.change_words import (
    Facts,
    deferred,
    in_force,
    move_scheduled,
    scheduled,
    why,
    withdrawn,
)
from postroom.domain.events.models import Event
from postroom.domain.events.moving_in_words import MOVING_IN

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
    "reserve_at_least": "numbers to keep for online signup",
    "hours": "opening hours",
    "locale": "format of dates and amounts",
    "tax_percent": "tax",
    "tax_included": "whether rates contain the tax",
    "tax_name": "name of the tax",
}

STATES = {"available": "available", "reserved": "reserved for online signup"}


def sentence(event: Event, locale: str = "en_US", *, sees_money: bool = True) -> str:
    """Will say what an event was: “Ana Alvarez changed e-mail and phone.”

    Without ``sees_money`` no plan is named.
    """
    who = event.by_name[:1].upper() + event.by_name[1:]
    if not sees_money and event.act in {"customer.joined_plan", "subscription.began"}:
        return f"{who} assigned a mailbox."
    words = WORDS.get(event.act)
    if words is None:
        return f"{who}: {event.act.replace('.', ' ').replace('_', ' ')}."

    def day(iso: str) -> str:
        return format_date(date.fromisoformat(iso), format="medium", locale=locale)

    return f"{who} {words(event.facts, day)}."


#: Acts on what somebody pays, beside those on plans.
ABOUT_MONEY = {
    "customer.approved",
    "customer.signed_up",
    "invoice.mail_asked",
    "lead.handled",
    "lead.reopened",
    "location.tax_set",
    "subscription.charge_taken_back",
    "subscription.charged",
    "subscription.clearance_voided",
    "subscription.locked",
    "subscription.move_entered",
    "subscription.move_taken_back",
    "subscription.pinned",
    "subscription.switch_taken_back",
    "subscription.switched",
    "subscription.terms_changed",
    "subscription.terms_deferred",
    "subscription.told",
    "subscription.unprotected",
}


def is_about_money(act: str) -> bool:
    """Will tell whether an act is about plans or amounts, which a clerk does not see."""
    rooms = ("plan.", "change.", "notice.", "invoice.", "payment.")
    return act.startswith(rooms) or act in ABOUT_MONEY


def fields_in_words(facts: Facts) -> str:
    """Will name the fields that were changed: “name, e-mail and phone”."""
    names = [FIELDS.get(field, field.replace("_", " ")) for field in facts]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _changed(facts: Facts, day: Callable[[str], str]) -> str:
    return f"changed {fields_in_words(facts)}"


def _joined(facts: Facts, day: Callable[[str], str]) -> str:
    return f"assigned a mailbox on {facts['plan']}, version {facts['version']}, {_cycle(facts)}"


def _switched(facts: Facts, day: Callable[[str], str]) -> str:
    when = "at once" if facts["timing"] == "now" else "from the next renewal"
    return f"switched the customer to {facts['plan']}, {_cycle(facts)}, {when}"


def _cycle(facts: Facts) -> str:
    return {1: "monthly", 12: "annual"}.get(facts["months"], f"{facts['months']}-month")


def _taxed(facts: Facts, day: Callable[[str], str]) -> str:
    before, after = facts.get("tax_percent", ("", ""))
    if before == after:
        return _changed(facts, day)
    if after is None:
        return f"took the tax of {before}% away"
    was = f", which was {before}%" if before is not None else ""
    others = {field: pair for field, pair in facts.items() if field != "tax_percent"}
    also = f", and changed {fields_in_words(others)}" if others else ""
    return f"set the tax to {after}%{was}{also}"


def _published(facts: Facts, day: Callable[[str], str]) -> str:
    said = f"published version {facts['version']}, sold from {day(facts['sold_from'])}"
    if facts.get("existing_from"):
        said += f", for existing customers from {day(facts['existing_from'])}"
    return said + why(facts)


def _told(facts: Facts, day: Callable[[str], str]) -> str:
    told_on = day(facts["told_on"])
    return f"recorded that the customer was told of version {facts['version']} on {told_on}" + why(
        facts
    )


#: What customers are told of, by an announcement's subject.
TOLD_OF = {
    "change": "the change of {}",
    "move": "the move from {}",
    "correction": "what does not change in {}",
    "message": "a message about {}",
}


def _notice(facts: Facts, day: Callable[[str], str]) -> str:
    """Will name a notice: “the change of Bronze from 1 July 2026”."""
    named = TOLD_OF[facts["subject"]].format(facts["plan"])
    dated = facts["subject"] in {"change", "move"}
    return f"{named} from {day(facts['first_day'])}" if dated else named


def _told_by_hand(facts: Facts, day: Callable[[str], str]) -> str:
    how = {"letter": "by letter", "phone": "by phone", "in_person": "in person"}[facts["means"]]
    told = f"{_notice(facts, day)} {how} on {day(facts['told_on'])}"
    return f"recorded that the customer was told of {told}" + why(facts)


def _answered(facts: Facts, day: Callable[[str], str]) -> str:
    answered = {
        "accepted": "accepts it",
        "switched": f"takes {facts.get('takes')} instead",
        "leaves": "leaves",
        "asked": "asks or objects",
        "stays": "stays after all",
    }[facts["kind"]]
    if facts.get("closes_on"):
        answered += f", the last day being {day(facts['closes_on'])}"
    recorded = "recorded an answer to" if facts.get("recorded") else "answered"
    words = _quoted(str(facts["words"]))
    return f"{recorded} {_notice(facts, day)}: {answered}" + (f": {words}" if words else "")


def _quoted(text: str) -> str:
    return text.rstrip(".")


def _role(facts: Facts, day: Callable[[str], str]) -> str:
    before, after = facts["role"]
    return f"changed a role from {before} to {after}"


def _mailboxes(facts: Facts, day: Callable[[str], str]) -> str:
    state = STATES.get(facts["state"], facts["state"])
    made = "1 mailbox" if facts["made"] == 1 else f"{facts['made']:,} mailboxes"
    return f"made {made}, {facts['first']} to {facts['last']}, {state}"


WORDS: dict[str, Words] = MOVING_IN | {
    "change.scheduled": scheduled,
    "change.withdrawn": withdrawn,
    "customer.added": lambda facts, day: "added the customer",
    "customer.changed": _changed,
    "customer.joined_plan": _joined,
    "location.added": lambda facts, day: "added the location",
    "location.changed": _changed,
    "location.mailboxes_made": _mailboxes,
    "location.shown": _changed,
    "location.tax_set": _taxed,
    "invoice.mail_asked": lambda facts, day: (
        f"asked to mail number {facts['number']} to {facts['address']}"
    ),
    "notice.answered": _answered,
    "operator.changed": _changed,
    "operator.invoice_mail_switched_off": lambda facts, day: "switched off mailing invoices",
    "operator.invoice_mail_switched_on": lambda facts, day: (
        "switched on mailing the invoices issued from then on"
    ),
    "operator.letterhead_changed": lambda facts, day: (
        f"changed {fields_in_words(facts)} of the letterhead"
    ),
    "notice.asked_again": lambda facts, day: (
        f"asked to send the notice of {_notice(facts, day)} again, to {facts['address']}"
    ),
    "notice.bounced": lambda facts, day: (
        f"recorded that the notice of {_notice(facts, day)} to {facts['address']} came back"
        + why(facts)
    ),
    "notice.sent": lambda facts, day: (
        f"sent the notice of {_notice(facts, day)} to {facts['address']}"
    ),
    "notice.told": _told_by_hand,
    "plan.copied": lambda facts, day: f"copied this plan from {facts['from']}",
    "plan.created": lambda facts, day: "made the plan",
    "plan.made_legacy": lambda facts, day: (
        f"kept existing customers on the old terms, as {facts['legacy']}" + why(facts)
    ),
    "plan.legacy_undone": lambda facts, day: (
        f"gave {facts['legacy']} the name {facts['name']} back"
    ),
    "plan.gave_back": lambda facts, day: f"retired this plan and gave {facts['name']} back",
    "operator.opened": lambda facts, day: f"opened {facts['name']}",
    "plan.took_over": lambda facts, day: f"made this plan in the place of {facts['legacy']}",
    "plan.version_published": _published,
    "plan.change_withdrawn": withdrawn,
    "plan.message_written": lambda facts, day: "wrote to all customers of the plan",
    "plan.move_scheduled": move_scheduled,
    "plan.words_changed": _changed,
    "staff.added": lambda facts, day: f"added {facts['email']} as {facts['role']}",
    "staff.changed": _role,
    "staff.removed": lambda facts, day: f"removed {facts['email']} from the staff",
    "subscription.began": _joined,
    "invoice.adjusted": lambda facts, day: (
        f"adjusted invoice {facts['of']} on document {facts['number']}" + why(facts)
    ),
    "payment.paid_back": lambda facts, day: "recorded a refund" + why(facts),
    "payment.put_towards": lambda facts, day: (
        "chose what a payment or credit note pays: "
        + (", ".join(f"invoice {it}" for it in facts["invoices"]) or "nothing for now")
    ),
    "payment.recorded": lambda facts, day: (
        f"recorded a payment by {facts['method']} of {day(facts['on'])}"
    ),
    "payment.taken_back": lambda facts, day: "took a payment back" + why(facts),
    "subscription.charged": lambda facts, day: f"charged by hand: {_quoted(facts['text'])}",
    "subscription.charge_taken_back": lambda facts, day: (
        f"took back what was charged by hand: {_quoted(facts['text'])}"
    ),
    "subscription.closed": lambda facts, day: (
        f"entered that the customer leaves, the last day being {day(facts['closes_on'])}"
    ),
    "subscription.link_asked": lambda facts, day: f"asked to mail their link to {facts['to']}",
    "subscription.link_refused": lambda facts, day: (
        f"could not mail their link to {facts['to']}: {_quoted(facts['said'])}"
    ),
    "subscription.locked": lambda facts, day: (
        f"locked the price until {day(facts['until'])}" + why(facts)
    ),
    "subscription.pinned": lambda facts, day: (
        "pinned the customer to the terms they have" + why(facts)
    ),
    "subscription.move_entered": lambda facts, day: (
        f"entered that the customer moves to {facts['plan']},"
        f" at a renewal from {day(facts['not_before'])} on"
    ),
    "subscription.move_taken_back": lambda facts, day: f"took the move to {facts['plan']} back",
    "subscription.stays": lambda facts, day: "entered that the customer stays after all",
    "subscription.switched": _switched,
    "subscription.switch_taken_back": lambda facts, day: f"took the switch to {facts['plan']} back",
    "subscription.terms_changed": in_force,
    "subscription.terms_deferred": deferred,
    "subscription.told": _told,
    "subscription.unprotected": lambda facts, day: (
        "ended what kept the customer's terms" + why(facts)
    ),
    "subscription.clearance_voided": lambda facts, day: (
        "voided what was recorded about telling the customer" + why(facts)
    ),
    "usage.entered": lambda facts, day: (
        f"counted {facts['quantity']:,} for {facts['service']} on {day(facts['on'])}"
    ),
    "usage.corrected": lambda facts, day: (
        f"corrected {facts['service']} on {day(facts['on'])}"
        f" from {facts['counts'][0]:,} to {facts['counts'][1]:,}" + why(facts)
    ),
}
