"""Choosing some of a plan's customers: by a filter, or picked from a list that can be searched."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from postroom.domain.operators.models import Location
from postroom.domain.plan_changes.groups import Group, members, pack, to_pick_from
from postroom.domain.plans.models import Plan, PlanVersion
from postroom.domain.plans.plain_words import term_in_words
from postroom.domain.subscriptions.models import Subscription
from postroom.domain.subscriptions.plan_summaries import customers_by_cycle, customers_by_version

#: How many are listed to pick from: search narrows them.
LISTED = 50


class GroupForm(forms.Form):
    """The filter and the picks; all of it empty is everybody."""

    locations = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label="At"
    )
    months = forms.ChoiceField(required=False, label="Paying")
    version = forms.ChoiceField(required=False, label="With the terms of")
    q = forms.CharField(required=False, max_length=80, label="Find a customer to pick")

    def __init__(
        self, plan: Plan, data: QueryDict | None = None, *, before: Group | None = None
    ) -> None:
        """Will hold what is typed, or the group that was chosen before."""
        self.before = before or Group()
        super().__init__(data, initial=pack(self.before))
        held = customers_by_version(plan)
        numbers = dict(PlanVersion.objects.filter(plan=plan).values_list("pk", "number"))
        self._offer("locations", list(Location.objects.values_list("pk", "name")))
        cycles = [(it, term_in_words(it).capitalize()) for it in customers_by_cycle(held)]
        self._offer("months", [("", "Any term"), *cycles])
        versions = [(it, f"Version {numbers[it]}") for it in sorted(held)]
        self._offer("version", [("", "Any version"), *versions])
        self.picked = _numbers(data.getlist("picks")) if data else self.before.picks

    def _offer(self, name: str, choices: Sequence[tuple[Any, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def chooses(self) -> bool:
        """Whether it is not simply everybody."""
        return self.group() != Group()

    def group(self) -> Group:
        """Will return the group that was chosen."""
        if not (self.is_bound and self.is_valid()):
            return self.before
        typed = self.cleaned_data
        return Group(
            frozenset(int(it) for it in typed["locations"]),
            int(typed["months"]) if typed["months"] else None,
            int(typed["version"]) if typed["version"] else None,
            self.picked,
        )


@dataclass(frozen=True)
class Choosing:
    """The form with the customers that it leaves."""

    form: GroupForm
    #: How many the group is.
    customers: int
    #: Whom to pick from: those picked already are among them.
    listed: Sequence[Subscription]
    more: int


def choosing(plan: Plan, form: GroupForm, *, on: date, listing: bool = True) -> Choosing:
    """Will look up who is meant and whom to pick from: nobody, without ``listing``."""
    if not listing:
        return Choosing(form, 0, [], 0)
    group = form.group()
    words = form.cleaned_data.get("q", "") if form.is_bound else ""
    found = to_pick_from(plan, group, words, on=on)
    # All of them, since who is not listed would be given up by sending the form again.
    picked = list(to_pick_from(plan, group, "", on=on).filter(pk__in=group.picks))
    others = found.exclude(pk__in=[it.pk for it in picked])
    listed = list(others[: LISTED + 1])
    more = others.count() - LISTED if len(listed) > LISTED else 0
    return Choosing(form, members(plan, group, on=on).count(), [*picked, *listed[:LISTED]], more)


def kept(data: QueryDict) -> list[tuple[str, str]]:
    """Will return what was typed, for a page that asks once more."""
    besides = {"csrfmiddlewaretoken", "step", "q", "seen"}
    return [(name, it) for name in data if name not in besides for it in data.getlist(name)]


def _numbers(typed: Sequence[str]) -> frozenset[int]:
    return frozenset(int(it) for it in typed if it.isascii() and it.isdigit() and len(it) < 19)
