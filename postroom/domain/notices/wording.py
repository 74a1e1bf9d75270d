"""What a notice says, in plain sentences: the same for mail, text and letter. No database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from postroom.domain.notices.facts import Facts, LastMonth, Used
from postroom.domain.notices.models import Subject
from postroom.domain.plans.plain_words import rate_in_words, terms_in_words

Day = Callable[[date], str]
Show = Callable[[int], str]

#: Paid once, when joining: no change of them reaches who is there.
PAID_ONCE = {"Setup fee", "Refundable deposit"}


@dataclass(frozen=True)
class Row:
    """One thing, as it is and as it will be."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Month:
    """A customer's own last month, under what they have and what they will have."""

    title: str
    rows: tuple[Row, ...]
    note: str = ""


@dataclass(frozen=True)
class Part:
    """What a notice says of one mailbox."""

    title: str
    #: When it starts, as a column is headed.
    starts: str
    rows: tuple[Row, ...] = ()
    #: What stays as it is, where nothing changes.
    keeps: str = ""
    month: Month | None = None


@dataclass(frozen=True)
class Wording:
    """All that a notice says, whatever it is written on."""

    title: str
    greeting: str
    opening: tuple[str, ...]
    words: tuple[str, ...]
    parts: tuple[Part, ...]
    ways: tuple[str, ...]
    link: str
    link_says: str
    questions: str
    name: str

    @property
    def preview(self) -> str:
        """What a list of mails shows beside the title."""
        return next(iter((*self.opening, *self.words)), self.title)


def worded(
    subject: Subject,
    *,
    plan: str,
    words: str,
    customer: str,
    name: str,
    may_answer: bool,
    enclosed: Sequence[Facts],
    link: str,
    show: Show,
    day: Day,
) -> Wording:
    """Will put a customer's numbers into words. ``enclosed`` have one first day."""
    changes = subject in {Subject.CHANGE, Subject.MOVE}
    return Wording(
        title=_title(subject, plan, enclosed, day),
        greeting=f"Hello {customer},",
        opening=_opening(subject, plan, enclosed, day),
        words=tuple(it for it in words.splitlines() if it.strip()),
        parts=tuple(_changing(it, show, day) if changes else _staying(it, show) for it in enclosed),
        ways=_ways(subject, enclosed, day, has_page=bool(link)),
        link=link,
        link_says="See your plan and answer" if changes else "See your plan",
        questions="Questions? Answer this message and we will help." if may_answer else "",
        name=name,
    )


def _title(subject: Subject, plan: str, enclosed: Sequence[Facts], day: Day) -> str:
    first = enclosed[0]
    on = f" on {day(first.first_day)}" if first.first_day else ""
    if subject == Subject.CORRECTION:
        return f"The change of your plan {plan} does not come"
    if subject == Subject.MESSAGE:
        return f"About your plan {plan}"
    if subject == Subject.MOVE:
        return f"You move from {plan} to {first.new_plan}{on}"
    return f"Your plan {plan} changes{on}"


def _opening(subject: Subject, plan: str, enclosed: Sequence[Facts], day: Day) -> tuple[str, ...]:
    if subject == Subject.MESSAGE:
        return ()
    if subject == Subject.CORRECTION:
        return (
            "We wrote to you about a change of your plan. That change does not come. Nothing "
            "changes for you now: you keep your plan, its rate and all that it includes.",
        )
    what = f"The terms of your plan {plan} change."
    if subject == Subject.MOVE:
        what = f"We move you from the plan {plan} to the plan {enclosed[0].new_plan}."
    if not any(it.worse for it in enclosed):
        what += " Nothing gets dearer or less for you."
    return (f"{what} {_when(enclosed[0], day)}",)


def _when(facts: Facts, day: Day) -> str:
    if facts.first_day is None:
        return ""
    on = day(facts.first_day)
    if facts.on_date:
        return (
            f"This starts for you on {on}. The days before it are billed under the terms that you "
            "have now, the days from it on under the new ones."
        )
    return (
        f"This starts for you with your first renewal on or after {on}. Until then everything "
        "stays as it is, and what you have paid for stays paid."
    )


def _changing(facts: Facts, show: Show, day: Day) -> Part:
    before, after = facts.rates
    rows = []
    if facts.plan != facts.new_plan:
        rows.append(Row("Plan", facts.plan, facts.new_plan))
    if before != after:
        rates = [rate_in_words(facts.months, it, show) for it in (before, after)]
        rows.append(Row("Rate", *rates))
    lines = zip(terms_in_words(facts.old, show), terms_in_words(facts.new, show), strict=True)
    rows += [
        Row(old.what, old.words, new.words)
        for old, new in lines
        if old.words != new.words and old.what not in PAID_ONCE
    ]
    keeps = "" if before != after else f"Your rate stays {_rate(facts, show)}."
    starts = f"From {day(facts.first_day)}" if facts.first_day else "Then"
    month = _month(facts, facts.last_month, show, day) if facts.last_month else None
    return Part(_mailbox(facts), starts, tuple(rows), keeps, month)


def _staying(facts: Facts, show: Show) -> Part:
    return Part(_mailbox(facts), "", keeps=f"You keep {facts.plan}, {_rate(facts, show)}.")


def _rate(facts: Facts, show: Show) -> str:
    return rate_in_words(facts.months, facts.old.rates[facts.months], show)


def _mailbox(facts: Facts) -> str:
    return f"Mailbox {facts.mailbox}, {facts.location}"


def _month(facts: Facts, month: LastMonth, show: Show, day: Day) -> Month:
    """Will redo a month: with the rate where it is paid by the month, else its extras alone."""
    last = month.ends_on - timedelta(days=1)
    title = f"Your last month redone: {day(month.starts_on)} to {day(last)}"
    used = [it for it in month.used if it.before_minor or it.after_minor]
    if not used:
        return Month(title, (), "You used nothing beyond your plan; the new terms would add none.")
    sums = [month.before_minor, month.after_minor]
    rows = [Row(_used(it), show(it.before_minor), show(it.after_minor)) for it in used]
    if facts.months == 1:
        rates = facts.rates
        rows.insert(0, Row("Rate", show(rates[0]), show(rates[1])))
        sums = [sums[0] + rates[0], sums[1] + rates[1]]
    rows.append(Row("Together", show(sums[0]), show(sums[1])))
    return Month(title, tuple(rows), "How tax is charged does not change.")


def _used(it: Used) -> str:
    return f"{it.service.label}, {it.used:,} used"


def _ways(
    subject: Subject, enclosed: Sequence[Facts], day: Day, *, has_page: bool
) -> tuple[str, ...]:
    """Will say what the customer can do, and what happens if they do nothing."""
    if subject == Subject.MESSAGE:
        return ("Nothing changes in your plan.",)
    if subject == Subject.CORRECTION:
        return ("You need do nothing.",)
    if not any(it.worse for it in enclosed):
        return ("You need do nothing. You can still take another plan, or leave, at any time.",)
    first_day = enclosed[0].first_day
    before = f"before {day(first_day)}" if first_day else "before then"
    where = "On your page you" if has_page else "Tell us, and you"
    return (
        f"{where} can accept this, take another plan, or leave and choose your last day.",
        f"Switch or leave {before}, and the new terms never reach you. "
        "If you do nothing, they start on the day above.",
    )
