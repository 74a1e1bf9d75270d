"""What somebody looks at: how many months, which location, which plan; and links that keep it."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.urls import reverse

from postroom.domain.operators.models import Location
from postroom.domain.plans.models import Plan
from postroom.domain.reports.months import View, months_up_to
from postroom.web.desk.access import DeskRequest

#: A year and the same month of the year before, unless somebody says otherwise.
USUAL = 13
SPANS = [(6, "6 months"), (USUAL, "13 months"), (25, "25 months")]


class LookForm(forms.Form):
    """The choices above a report; what makes no sense is passed over."""

    months = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, choices=SPANS)
    location = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    plan = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)

    def __init__(self, data: Any) -> None:
        # As if chosen, so that what is shown is what is meant.
        super().__init__({"months": USUAL, **data.dict()})
        self.fields["location"].choices = _choices("All locations", Location)  # type: ignore[attr-defined]
        self.fields["plan"].choices = _choices("All plans", Plan)  # type: ignore[attr-defined]
        for name in () if self.is_valid() else self.errors:
            self.data = {**self.data, name: str(USUAL) if name == "months" else ""}

    def chosen(self, name: str) -> int | None:
        """Will return what was chosen, or None for all."""
        chosen: int | None = getattr(self, "cleaned_data", {}).get(name)
        return chosen


def _choices(everything: str, model: type[Location] | type[Plan]) -> list[tuple[Any, str]]:
    named = model._default_manager.values_list("pk", "name")
    return [("", everything), *named]


class Look:
    """A report's view of an operator, as its address says."""

    def __init__(self, request: DeskRequest) -> None:
        self.operator = request.operator
        self.on = request.on
        self.form = LookForm(request.GET)
        self.count = self.form.chosen("months") or USUAL
        self.view = View(
            request.operator,
            months_up_to(request.on, self.count),
            location_id=self.form.chosen("location"),
            plan_id=self.form.chosen("plan"),
        )

    @property
    def tabs(self) -> list[tuple[str, str, str]]:
        """The reports: each with its name, its words, and its address."""
        named = (
            ("recurring", "Recurring", "reports"),
            ("plans", "Revenue by plan", "report_plans"),
            ("services", "Revenue by service", "report_services"),
            ("extras", "Extras", "report_extras"),
        )
        return [(name, text, self.link(page)) for name, text, page in named]

    @property
    def in_words(self) -> str:
        """What is looked at, for paper."""
        chosen = [self.form[it].field for it in ("location", "plan")]
        picked = [self.view.location_id or "", self.view.plan_id or ""]
        names = [
            dict(it.choices)[pick]  # type: ignore[attr-defined]
            for it, pick in zip(chosen, picked, strict=True)
        ]
        return ", ".join([dict(SPANS)[self.count], *names])

    @property
    def query(self) -> dict[str, Any]:
        """What is chosen, for links to other reports; the usual is not said."""
        said = {
            "months": self.count if self.count != USUAL else None,
            "location": self.view.location_id,
            "plan": self.view.plan_id,
        }
        return {name: it for name, it in said.items() if it is not None}

    def link(self, name: str, **more: Any) -> str:
        """Will return the address of a page of the desk with what is chosen, and more."""
        return self.address(name, {**self.query, **more})

    def address(self, name: str, query: dict[str, Any]) -> str:
        said = urlencode({key: it for key, it in query.items() if it not in {None, ""}})
        url = reverse(f"desk:{name}", args=[self.operator.slug])
        return f"{url}?{said}" if said else url

    def invoices(self, since: date, until: date, **lines: Any) -> str:
        """Will return the address of the invoices of some days, perhaps with such lines."""
        query = {"since": since, "until": until, "location": self.view.location_id}
        return self.address("invoices", {**query, **lines})
