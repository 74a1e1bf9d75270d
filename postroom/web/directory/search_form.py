"""What somebody looks for on the lead-gen website, as its address has it."""

from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from postroom.domain.operators.kinds import Feature
from postroom.domain.plans.directory import SOUGHT_AFTER, State, Wanted
from postroom.domain.plans.searching import Sought, understand
from postroom.domain.plans.services import Service
from postroom.web.lead_form import LineField

MILES = (5, 10, 25, 50, 100)
#: Around a place, unless somebody says otherwise.
NEAR = 25
ANY = "any"
ORDERS = [
    ("", "Best first"),
    ("distance", "Nearest first"),
    ("price", "Price, lowest first"),
    ("state", "State, then city"),
    ("city", "City"),
]
#: What narrows a search down, beside the place and the order.
FILTERS = ("offers", "has", "price")


class SearchForm(forms.Form):
    """Which locations, in what order. What makes no sense there is passed over."""

    q = LineField(
        required=False,
        max_length=80,
        label="City, ZIP or state",
        widget=forms.TextInput(
            attrs={"placeholder": "Austin, TX", "autocomplete": "off", "type": "search"}
        ),
    )
    within = forms.ChoiceField(
        required=False,
        label="Within",
        choices=[
            ("", f"{NEAR} miles"),
            *((str(it), f"{it} miles") for it in MILES if it != NEAR),
            (ANY, "Any distance"),
        ],
    )
    by = forms.ChoiceField(required=False, label="Order", choices=ORDERS)
    price = forms.DecimalField(
        required=False,
        label="Price a month, up to",
        min_value=0,
        max_value=1_000_000,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"invalid": "Write the price like 20 or 19.99."},
    )
    offers = forms.MultipleChoiceField(
        required=False,
        label="Offered there",
        choices=[(it.value, it.label) for it in SOUGHT_AFTER],
        widget=forms.CheckboxSelectMultiple,
    )
    has = forms.MultipleChoiceField(
        required=False,
        label="At the place",
        choices=Feature.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: QueryDict, *, state: State | None = None) -> None:
        typed = data.copy()
        # An address from before there was a box.
        if "state" in typed and not typed.get("q"):
            typed["q"] = str(typed["state"])
        if state is not None:
            typed["q"] = state.name
        # What stands for itself is what is chosen anyway.
        if typed.get("within") == str(NEAR):
            typed["within"] = ""
        self.state = state
        super().__init__(typed)
        self.is_valid()

    @property
    def sought(self) -> Sought:
        return understand("" if self.state else self._typed("q"))

    @property
    def in_a_row(self) -> list[forms.BoundField]:
        """The fields beside the box."""
        return [self["within"], self["by"]]

    @property
    def choices(self) -> list[forms.BoundField]:
        """The fields of boxes to tick."""
        return [self["offers"], self["has"]]

    @property
    def is_narrowed(self) -> bool:
        """Whether more than a place is asked for."""
        return any(self._typed(name) for name in FILTERS)

    def wanted(self, sought: Sought, *, near: bool = True) -> Wanted:
        """Will say what is looked for; not ``near``: however far it is."""
        typed = self._typed("within")
        within = None if typed == ANY else int(typed or NEAR)
        order = str(self._typed("by"))
        if not order or (order == "distance" and not sought.spot):
            order = "distance" if sought.spot else "state"
        price: Decimal | None = self._typed("price") or None
        return Wanted(
            sought=sought,
            within=within if near and sought.spot else None,
            state=self.state,
            services=tuple(Service(it) for it in self._typed("offers")),
            features=tuple(Feature(it) for it in self._typed("has")),
            price=price,
            sort=order if near else "distance",
        )

    def _typed(self, name: str) -> Any:
        return self.cleaned_data.get(name) or ""
