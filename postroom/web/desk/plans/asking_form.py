"""The form of YES: from when, how, and for whom; and a paragraph of the operator's own."""

from datetime import date, timedelta

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import QueryDict

from postroom.domain.notices.models import Announcement
from postroom.domain.plan_changes.asking import Asked
from postroom.domain.plans.models import Plan
from postroom.domain.plans.services import Timing
from postroom.web.desk.fields import DayField
from postroom.web.desk.plans.group_form import GroupForm

#: Days until a change reaches existing customers, unless somebody says otherwise: the 21 days
#: before in which notices go out by default, and some to prepare them.
DAYS_AHEAD = 30
EVERYBODY, SOME = "everybody", "some"


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
    words = forms.CharField(
        required=False,
        max_length=Announcement._meta.get_field("words").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        label="In your own words",
        help_text="A paragraph for the notice: why it changes, say. Leave it empty for none.",
    )

    def __init__(self, plan: Plan, data: QueryDict | None = None, *, asked: Asked) -> None:
        """Will hold what is typed, or what was asked before."""
        super().__init__(data, initial=vars(asked) | {"whom": SOME if asked.group else EVERYBODY})
        self.group_form = GroupForm(plan, data, before=asked.group)

    @property
    def is_for_some(self) -> bool:
        """Whether a group is chosen, or is to be."""
        return bool(self["whom"].value() == SOME)

    @property
    def is_for_nobody(self) -> bool:
        return self.is_for_some and not self.group_form.chooses

    def refuse_nobody(self) -> None:
        """Will say at its field that a group is to be chosen, where none is."""
        if self.is_valid() and self.is_for_nobody:
            self.add_error("whom", "Choose a location, a term, a version or customers.")

    @property
    def asked(self) -> Asked | None:
        """What was asked; None while a field is wrong, or nobody of the group chosen yet."""
        if not self.is_bound or set(self.errors) - {NON_FIELD_ERRORS} or self.is_for_nobody:
            return None
        if not self.group_form.is_valid():
            return None
        typed = self.cleaned_data
        return Asked(
            typed["sold_from"],
            typed["existing_from"],
            Timing(typed["timing"] or Timing.NEXT_TERM),
            self.group_form.group() if self.is_for_some else None,
        )
