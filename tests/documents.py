"""Random scenario documents in which things really happen, for both ways of billing.

They are what ``manage.py scenario`` reads, and a little more: when a clearance was voided, a lock
given, a version published or withdrawn, usage entered, a closing taken back, and which days had
a run (``given.runs``; without it every day has one).
"""

from collections.abc import Iterator
from datetime import date

from hypothesis import strategies as st

from postroom.base.money import major, precision
from postroom.base.periods import billing_date
from tests.document_acts import (
    DAY,
    SERVICES,
    Json,
    closings,
    days,
    locks,
    moves,
    notices,
    once_in,
    switches,
    usage,
)

ZONES = ("America/New_York", "America/Los_Angeles", "Asia/Tokyo", "Asia/Kuwait", "Europe/London")
#: Before a leap day, the ends of short months, and both changes of the clock.
STARTS = (date(2024, 1, 29), date(2024, 2, 26), date(2024, 10, 20), date(2023, 1, 30))
#: What customers are like: most worlds have one of each kind, so that enough of it happens.
THEMES = (
    ("switching", "switching", "switching", "leaving", "plain", "moved_in"),
    ("locked", "locked", "locked", "pinned", "told", "switching"),
    ("moving", "moving", "moving", "plain"),
    ("voided", "voided", "voided", "voided", "voided", "told"),
)
NOTICES = ("assume", "assume", "assume", "list", "list", "none")


@st.composite
def documents(draw: st.DrawFn) -> Json:
    first = draw(st.sampled_from(STARTS)) + draw(st.integers(0, 5)) * DAY
    last = first + draw(st.sampled_from((70, 70, 70, 70, 100, 400))) * DAY
    kinds = draw(st.permutations(THEMES))[: draw(st.integers(3, 8))]
    themes = [draw(st.sampled_from(kind)) for kind in kinds]
    currency = draw(st.sampled_from(("USD", "USD", "JPY", "KWD")))
    names = ("brass", "silver", "gold")[: draw(st.integers(1, 3))]
    plans = {name: draw(versions(first, currency)) for name in names}
    given: Json = {
        "currency": currency,
        "time_zone": draw(st.sampled_from(ZONES)),
        "first_day": str(first),
        "last_day": str(last),
        "tax_percent": draw(st.sampled_from(("0", "0", "20", "8.875"))),
        "tax_included": draw(st.booleans()),
        "tax_changes": [],
        "plans": {name: {"versions": it} for name, it in plans.items()},
        "subscriptions": {},
        "usage": [],
        "told": [],
        "notices": "list" if "voided" in themes else draw(st.sampled_from(NOTICES)),
    }
    for number, theme in enumerate(themes, 1):
        draw(subscriptions(given, f"s{number}", theme, first, last))
    told = given.pop("told")
    if given["notices"] == "list":
        given["notices"] = told
    if draw(once_in(5)):
        change = {
            "on": str(draw(days(first, 5, 60))),
            "percent": draw(st.sampled_from(("0", "10"))),
        }
        given["tax_changes"].append(change)
    given["runs"] = draw(runs(given, first, last))
    return {"id": "random", "given": given}


def amount(minor: int, currency: str) -> str:
    return f"{major(minor, currency):.{precision(currency)}f}"


@st.composite
def versions(draw: st.DrawFn, first: date, currency: str) -> list[Json]:
    """Will draw a plan's versions: the first long on sale, the others to come."""
    one: Json = {
        "sold_from": str(first - 100 * DAY),
        "rates": draw(rates(currency, (999, 1000, 1337, 0))),
        "setup_fee": draw(st.sampled_from(("0", "7"))),
        "deposit": draw(st.sampled_from(("0", "0", "50"))),
        "allowances": draw(allowances(currency)),
    }
    found = [one]
    for _ in range(draw(st.sampled_from((1, 1, 1, 2, 2, 3, 0)))):
        it = draw(later(first, currency))
        before = found[-1].get("published_on", "")
        if before or "published_on" in it:
            it["published_on"] = max(before, it.get("published_on", ""))
        found.append(it)
    return found


@st.composite
def later(draw: st.DrawFn, first: date, currency: str) -> Json:
    sold_from = draw(days(first, 2, 45))
    it: Json = {
        "sold_from": str(sold_from),
        "timing": draw(st.sampled_from(("on_date", "on_date", "next_term"))),
        "rates": draw(rates(currency, (1999, 1999, 2500, 1337, 999, 0))),
    }
    if not draw(once_in(12)):
        it["existing_from"] = str(
            max(first, sold_from + draw(st.sampled_from((0, 0, 3, 10, -4))) * DAY)
        )
    if not draw(once_in(3)):
        it["allowances"] = draw(allowances(currency))
    if draw(once_in(4)):
        it["published_on"] = str(sold_from + draw(st.sampled_from((0, -3))) * DAY)
    if draw(once_in(7)):
        it["for_chosen"] = True
    if draw(once_in(8)):
        it["withdrawn_on"] = str(sold_from + draw(st.integers(0, 30)) * DAY)
    return it


@st.composite
def rates(draw: st.DrawFn, currency: str, choice: tuple[int, ...]) -> Json:
    monthly = draw(st.sampled_from(choice))
    it = {"1": amount(monthly, currency)}
    if draw(st.booleans()):
        it["12"] = amount(monthly * 10 + draw(st.integers(-50, 50)) if monthly else 5000, currency)
    if draw(once_in(3)):
        it["3"] = amount(monthly * 3 - 1 if monthly else 2999, currency)
    return it


@st.composite
def allowances(draw: st.DrawFn, currency: str) -> Json:
    restricted = st.fixed_dictionaries(
        {
            "limit": st.sampled_from((0, 2, 5)),
            "extra_count": st.sampled_from((1, 1, 3)),
            "extra_fee": st.sampled_from((50, 100, 333)).map(lambda minor: amount(minor, currency)),
        }
    )
    offers = restricted | restricted | st.sampled_from(("unlimited", "not_offered"))
    others = dict.fromkeys(SERVICES[1:], offers)
    return draw(st.fixed_dictionaries({SERVICES[0]: offers}, optional=others))


@st.composite
def subscriptions(
    draw: st.DrawFn, given: Json, key: str, theme: str, first: date, last: date
) -> None:
    """Will add a subscription that joins a plan, and what happens to it by its theme."""
    plan = draw(st.sampled_from(sorted(given["plans"])))
    sold = given["plans"][plan]["versions"][0]["rates"]
    starts_on = draw(days(first, 0, 20))
    it: Json = {
        "plan": plan,
        "months": draw(st.sampled_from([1, 1, 1, *map(int, sold)])),
        "starts_on": str(starts_on),
    }
    if theme in {"locked", "voided"}:
        it["months"] = 1
    if not draw(once_in(3)):
        it["billing_day"] = draw(st.sampled_from((1, 15, 28, 29, 30, 31)))
    given["subscriptions"][key] = it
    if theme == "locked":
        it["locks"] = draw(st.lists(locks(starts_on), min_size=1, max_size=2))
    if theme == "pinned":
        it["pins"] = [str(starts_on + draw(st.sampled_from((0, 0, 20))) * DAY)]
    if theme == "moved_in":
        it["paid_until"] = str(
            billing_date(starts_on, draw(st.integers(1, 2)), it.get("billing_day", starts_on.day))
        )
    if given["notices"] == "list" and theme != "plain":
        draw(notices(given, key, plan, starts_on, void=theme == "voided"))
    if theme == "switching" or draw(once_in(8)):
        it["switches"] = draw(st.lists(switches(given, starts_on, last), min_size=1, max_size=3))
        it["switches"].sort(key=lambda each: each["on"])
    it["chosen"] = sorted(draw(st.sets(st.integers(2, 4), max_size=2)))
    if theme == "moving" and len(given["plans"]) > 1:
        it["moves"] = draw(st.lists(moves(given, key, plan, starts_on), min_size=1, max_size=2))
        it["moves"].sort(key=lambda each: each["on"])
    if theme == "leaving" or draw(once_in(8)):
        it["closings"] = draw(closings(starts_on, last))
    given["usage"] += draw(usage(key, starts_on, last))
    if draw(once_in(6)):
        on = draw(days(starts_on, 0, 60))
        it["charges"] = [
            {
                "on": str(on),
                "amount": amount(777, given["currency"]),
                "taxable": draw(st.booleans()),
            }
        ]


@st.composite
def runs(draw: st.DrawFn, given: Json, first: date, last: date) -> list[str]:
    """Will choose the days of runs: when something may fall due, less some missed ones."""
    subscriptions = given["subscriptions"].values()
    closings = [it.get("closings") for it in subscriptions]
    switches = [it.get("switches") for it in subscriptions]
    turns = {last, *dates_in([given["plans"], given["notices"], *subscriptions])}
    turns |= {it + 10 * DAY for it in dates_in(given["notices"])}
    turns |= {it + DAY for it in dates_in(closings)}
    anchors = {it.day for it in dates_in([[it["starts_on"] for it in subscriptions], switches])}
    anchors |= {it["billing_day"] for it in subscriptions if "billing_day" in it}
    months = range((last - first).days // 28 + 2)
    turns |= {billing_date(first, month, anchor) for month in months for anchor in anchors}
    # Of a year, most of it is caught up month by month.
    nearby = {it for it in turns if it <= first + 100 * DAY or it.day == 1 or it == last}
    wanted = sorted(it for it in nearby if first <= it <= last)
    missed = draw(st.sets(st.sampled_from(wanted))) if draw(once_in(4)) else set()
    return [str(it) for it in wanted if it not in missed]


def dates_in(value: object) -> Iterator[date]:
    """Will find the days that are named anywhere in a document."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for it in value:
            yield from dates_in(it)
    elif isinstance(value, str) and len(value) == len("2026-01-31") and value.count("-") == 2:
        yield date.fromisoformat(value)
