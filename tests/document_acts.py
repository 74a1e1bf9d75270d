"""What customers of a random scenario document do, and what is done to them."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

DAY = timedelta(days=1)
SERVICES = ("open_and_scan", "forward", "shred", "recipients")

Json = dict[str, Any]


def days(first: date, least: int, most: int) -> st.SearchStrategy[date]:
    return st.integers(least, most).map(lambda count: first + count * DAY)


def once_in(times: int) -> st.SearchStrategy[bool]:
    return st.integers(1, times).map(lambda drawn: drawn == times)


@st.composite
def locks(draw: st.DrawFn, starts_on: date) -> Json:
    on = starts_on + draw(st.sampled_from((0, 0, 0, 15))) * DAY
    return {"on": str(on), "until": str(draw(days(on, 30, 70)))}


@st.composite
def notices(
    draw: st.DrawFn, given: Json, key: str, plan: str, starts_on: date, *, void: bool
) -> None:
    """Will tell him of the plan's later versions, and perhaps void that later."""
    for version in range(2, len(given["plans"][plan]["versions"]) + 1):
        accepted_on = draw(days(starts_on, 0, 25))
        it = {"subscription": key, "version": version, "accepted_on": str(accepted_on)}
        if draw(once_in(3)):
            it["last_day"] = str(draw(days(accepted_on, 10, 40)))
        if draw(once_in(4)):
            it["known_on"] = str(draw(days(accepted_on, 0, 30)))
        if void:
            known_on = date.fromisoformat(it.get("known_on", str(accepted_on)))
            it["void_on"] = str(known_on + draw(st.sampled_from((0, 1, 5, 12))) * DAY)
        given["told"].append(it)


@st.composite
def switches(draw: st.DrawFn, given: Json, starts_on: date, last: date) -> Json:
    plan = draw(st.sampled_from(sorted(given["plans"])))
    sold = {n for it in given["plans"][plan]["versions"] for n in it["rates"]}
    return {
        "on": str(draw(days(starts_on, 0, min(75, (last - starts_on).days)))),
        "to": plan,
        "months": int(draw(st.sampled_from(["1", *sorted(sold)]))),
        "timing": draw(st.sampled_from(("now", "now", "next_term"))),
    }


@st.composite
def moves(draw: st.DrawFn, given: Json, key: str, plan: str, starts_on: date) -> Json:
    """Will draw a move to another plan, and perhaps tell him of it."""
    to = draw(st.sampled_from(sorted(set(given["plans"]) - {plan})))
    on = draw(days(starts_on, 0, 30))
    it = {
        "on": str(on),
        "to": to,
        "version": draw(st.integers(1, len(given["plans"][to]["versions"]))),
        "not_before": str(on + draw(st.sampled_from((0, 10, 25, 40))) * DAY),
    }
    if draw(once_in(6)):
        it["taken_back_on"] = str(draw(days(on, 1, 40)))
    if not draw(once_in(4)):
        told = {"subscription": key, "plan": to, "version": it["version"]}
        told["accepted_on"] = str(on + draw(st.sampled_from((0, 0, 20, 45))) * DAY)
        given["told"].append(told)
    return it


@st.composite
def closings(draw: st.DrawFn, starts_on: date, last: date) -> list[Json]:
    """Will draw a day of leaving, ahead or just past, perhaps taken back or set anew."""
    on = draw(days(starts_on, 0, min(65, (last - starts_on).days)))
    acts = [{"on": str(on), "closes_on": str(on + draw(st.sampled_from((0, 0, 5, 20, -3))) * DAY)}]
    if draw(once_in(3)):
        acts.append({"on": str(on + draw(st.integers(0, 6)) * DAY), "closes_on": None})
    if len(acts) > 1 and draw(st.booleans()):
        on = date.fromisoformat(acts[-1]["on"] or "") + draw(st.integers(0, 20)) * DAY
        acts.append({"on": str(on), "closes_on": str(on)})
    return acts


@st.composite
def usage(draw: st.DrawFn, key: str, starts_on: date, last: date) -> list[Json]:
    entries = list[Json]()
    for number in range(draw(st.sampled_from((0, 3, 6, 12)))):
        on = draw(days(starts_on, 0, min(75, (last - starts_on).days)))
        service = draw(st.sampled_from((SERVICES[0], *SERVICES)))
        at = draw(
            st.sampled_from(("", "", "T00:00:00", "T23:59:59", "T12:00:00Z", "T01:30:00-08:00"))
        )
        it = {
            "id": f"{key}-{number}",
            "subscription": key,
            "service": service,
            "at": f"{on}{at}",
            "quantity": draw(st.integers(0 if service == "recipients" else 1, 9)),
        }
        if draw(once_in(5)):
            it["entered_on"] = str(on + draw(st.integers(2, 45)) * DAY)
        if draw(once_in(6)):
            counts = it["quantity"] + draw(st.sampled_from((-1, 1, 4)))
            corrected_on = str(on + draw(st.integers(0, 50)) * DAY)
            it["corrections"] = [{"on": corrected_on, "counts": max(0, counts)}]
        entries.append(it)
    return entries
