"""A customer's last months under another plan, as a plot and in words."""

from babel.dates import format_date

from postroom.domain.operators.models import Operator
from postroom.domain.plan_changes.own_months import Compared
from postroom.ui.plots import Axis, Place, Plot, Series, stacked_bars


def in_short(found: Compared, operator: Operator) -> str:
    """Will say what a month would have cost more or less on the average."""
    of = (
        f"Over your last {len(found.months)} months"
        if len(found.months) > 1
        else "In your last month"
    )
    if not found.average_minor:
        return f"{of} you would have paid the same."
    amount = operator.show(abs(found.average_minor))
    how = "more" if found.average_minor > 0 else "less"
    return f"{of} you would have paid {amount} a month {how}."


def plot_of(name: str, plan: str, found: Compared, operator: Operator) -> Plot | None:
    """Will draw what each month would have cost more or less; None with too few to draw."""
    differences = [it.difference_minor for it in found.months]
    if len(differences) < 2 or not any(differences):
        return None
    locale = operator.locale
    places = [
        Place(
            format_date(it.starts_on, "LLL", locale=locale),
            str(it.starts_on.year),
            format_date(it.starts_on, locale=locale),
        )
        for it in found.months
    ]
    series = [
        Series("More than mine", "6", [max(it, 0) for it in differences]),
        Series("Less than mine", "4", [min(it, 0) for it in differences]),
    ]
    return stacked_bars(
        name,
        title=f"{plan}: what each of your months would have cost more or less",
        about=in_short(found, operator),
        places=places,
        series=series,
        axis=Axis(short=operator.show, full=operator.show),
    )
