"""The form of YES: from when, how, and for whom; and a paragraph of the operator's own."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS

from postroom.domain.notices.models import Announcement
from postroom.domain.operators.models import Location
from postroom.domain.plan_changes.asking import Asked
from postroom.domain.plan_changes.groups import Group
from postroom.domain.plan_changes.reading import pickable, picked
from postroom.domain.plans.models import Plan, PlanVersion
from postroom.domain.plans.plain_words import term_in_words
from postroom.domain.plans.services import Timing
from postroom.domain.subscriptions.models import Subscription
from postroom.domain.subscriptions.plan_summaries import customers_by_version
from postroom.web.desk.fields import DayField

#: Days until a change reaches existing customers, unless somebody says otherwise: the 21 days
#: before in which notices go out by default, and some to prepare them.
DAYS_AHEAD = 30
EVERYBODY, SOME = "everybody", "some"
#: The most customers that a search lists to pick from.
LISTED = 20


def usual(*, on: date) -> Asked:
    """Will return what is asked unless somebody says otherwise."""
    return Asked(on, on + timedelta(days=DAYS_AHEAD))


class AskForm(forms.Form):
    """Two days, a timing, and whom it is for."""

    sold_from = DayField(label="For new customers from")
    existing_from = DayField(label="For existing customers from")
    timing = forms.ChoiceField(
        required=False, choices=Timing.choices, widget=forms.RadioSelect, label="When it reaches"
    )
    whom = forms.ChoiceField(
        required=False,
        choices=[(EVERYBODY, "Everybody on the plan"), (SOME, "A chosen group")],
        widget=forms.RadioSelect,
        label="Who gets it",
    )
    locations = forms.TypedMultipleChoiceField(
        required=False, coerce=int, widget=forms.CheckboxSelectMultiple, label="At these locations"
    )
    months = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label="Term")
    version = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, label="Version that they hold"
    )
    find = forms.CharField(required=False, max_length=80, label="Find customers to pick")
    picks = forms.TypedMultipleChoiceField(
        required=False, coerce=int, widget=forms.CheckboxSelectMultiple, label="Picked customers"
    )
    words = forms.CharField(
        required=False,
        max_length=Announcement._meta.get_field("words").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        label="In your own words",
        help_text="A paragraph for the notice: why it changes, say. Leave it empty for none.",
    )

    def __init__(self, plan: Plan, data: Any = None, *, asked: Asked, on: date) -> None:
        """Will hold what is typed, or what was asked before."""
        super().__init__(data, initial=_initial(asked))
        self._choose("locations", Location.objects.order_by("name").values_list("pk", "name"))
        versions = customers_by_version(plan)
        lengths = sorted({months for counts in versions.values() for months in counts})
        terms = [(it, term_in_words(it).capitalize()) for it in lengths]
        self._choose("months", [("", "Any"), *terms])
        held = PlanVersion.objects.filter(pk__in=versions).order_by("number")
        named = [(pk, f"Version {number}") for pk, number in held.values_list("pk", "number")]
        self._choose("version", [("", "Any"), *named])
        self._choose("picks", self._pickable(plan, on))

    def _choose(self, name: str, choices: Any) -> None:
        self.fields[name].choices = list(choices)  # type: ignore[attr-defined]

    def _pickable(self, plan: Plan, on: date) -> list[tuple[int, str]]:
        """Will list who is picked, and then who is found."""
        before = picked(plan, [it for it in self["picks"].value() or [] if str(it).isdigit()])
        words = str(self["find"].value() or "").strip()
        found = pickable(plan, words, on=on, most=LISTED) if words else []
        return [(pk, _named(it)) for pk, it in {it.pk: it for it in [*before, *found]}.items()]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self.is_for_nobody = cleaned.get("whom") == SOME and self._group(cleaned) is None
        return cleaned

    def refuse_nobody(self) -> None:
        """Will say at its field that a group is to be chosen, where none is."""
        if self.is_valid() and self.is_for_nobody:
            self.add_error("whom", "Choose a location, a term, a version or customers.")

    @property
    def asked(self) -> Asked | None:
        """What was asked; None while a field is wrong, or nobody of the group chosen yet."""
        if not self.is_bound or set(self.errors) - {NON_FIELD_ERRORS} or self.is_for_nobody:
            return None
        typed = self.cleaned_data
        return Asked(
            typed["sold_from"],
            typed["existing_from"],
            Timing(typed["timing"] or Timing.NEXT_TERM),
            self._group(typed) if typed["whom"] == SOME else None,
        )

    def _group(self, typed: dict[str, Any]) -> Group | None:
        group = Group(
            frozenset(typed.get("locations") or ()),
            typed.get("months"),
            typed.get("version"),
            frozenset(typed.get("picks") or ()),
        )
        return group if group != Group() else None


def _initial(asked: Asked) -> dict[str, Any]:
    group = asked.group or Group()
    return {
        "sold_from": asked.sold_from,
        "existing_from": asked.existing_from,
        "timing": asked.timing.value,
        "whom": SOME if asked.group else EVERYBODY,
        "locations": sorted(group.locations),
        "months": group.months,
        "version": group.version,
        "picks": sorted(group.picks),
    }


def _named(subscription: Subscription) -> str:
    mailbox = subscription.mailbox
    return f"{subscription.customer.name}, {mailbox}, {mailbox.location.name}"
