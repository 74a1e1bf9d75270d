"""Operators, their first owners, staff and locations, for the platform's staff."""

from typing import Any, ClassVar

from babel.numbers import list_currencies
from django import forms
from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest

from postroom.base.refusals import Refused
from postroom.base.tenancy import as_operator
from postroom.domain.operators.actions import (
    add_staff,
    change_operator,
    check_calendar_and_format,
    open_operator,
)
from postroom.domain.operators.models import Location, Operator, Staff
from postroom.domain.operators.permissions import Role
from postroom.domain.users.admin import PlatformAdmin, site

#: What an operator is opened with.
OPENED_WITH = ["name", "slug", "currency", "locale", "time_zone", "service_email"]


class OperatorForm(forms.ModelForm):  # type: ignore[type-arg]
    """What an operator needs for its pages to be shown at all."""

    def clean_currency(self) -> str:
        currency = str(self.cleaned_data["currency"]).upper()
        if currency not in list_currencies():
            raise forms.ValidationError("Enter the code of a currency, such as USD.")
        return currency

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        try:
            check_calendar_and_format(
                time_zone=typed.get("time_zone", "UTC"), locale=typed.get("locale", "en_US")
            )
        except Refused as refusal:
            self.add_error(refusal.field, str(refusal))
        return typed


class ActForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form that does its act once it is found valid, so that a refusal still shows on it."""

    request: ClassVar[Any]
    #: What a refusal's field is called here.
    called: ClassVar[dict[str, str]] = {}

    def act(self) -> Any:
        raise NotImplementedError

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        try:
            with transaction.atomic():
                self.instance = self.act()
        except Refused as refusal:
            field = self.called.get(refusal.field or "", refusal.field)
            self.add_error(field if field in self.fields else None, str(refusal))

    def _save_m2m(self) -> None:
        """The act has written everything."""


class OpenOperator(OperatorForm, ActForm):
    """An operator with its first owner."""

    owner_email = forms.EmailField(
        help_text="Sets a password through “Forgot your password?” on the sign-in page."
    )
    owner_name = forms.CharField(max_length=120)
    called = {"email": "owner_email"}

    class Meta:
        model = Operator
        fields = OPENED_WITH

    def clean_slug(self) -> str:
        return str(self.cleaned_data["slug"]).lower()

    def act(self) -> Operator:
        """Will open the operator and give it its owner, both or neither."""
        typed = self.cleaned_data
        by, at = self.request.user, self.request.at
        operator = open_operator(**{it: typed[it] for it in OPENED_WITH}, at=at, by=by)
        with as_operator(operator.pk):
            add_staff(
                operator,
                email=typed["owner_email"],
                name=typed["owner_name"],
                role=Role.OWNER,
                at=at,
                by=by,
            )
        return operator


class ChangeOperator(OperatorForm, ActForm):
    """The same that an operator may change of itself, recorded in its events."""

    def act(self) -> Operator:
        typed, operator = self.cleaned_data, self.instance
        assert isinstance(operator, Operator)
        change_operator(
            operator,
            **{it: typed[it] for it in ("name", "service_email", "time_zone", "locale")},
            by=self.request.user,
            at=self.request.at,
        )
        return operator


class AddStaff(ActForm):
    """Somebody at an operator: its next owner, where the last one is gone."""

    email = forms.EmailField()
    name = forms.CharField(max_length=120)

    class Meta:
        model = Staff
        fields = ["operator", "email", "name", "role"]

    def act(self) -> Staff:
        typed = self.cleaned_data
        operator = typed["operator"]
        with as_operator(operator.pk):
            return add_staff(
                operator,
                email=typed["email"],
                name=typed["name"],
                role=Role(typed["role"]),
                at=self.request.at,
                by=self.request.user,
            )


class ByAct(PlatformAdmin):
    """Adds and changes through acts alone."""

    adds = True
    add_form: ClassVar[type[ActForm]]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: type[Any] = self.add_form
        if obj is not None:
            form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"request": request})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The act has written everything."""

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (
            super().get_fields(request, obj) if obj is not None else list(self.add_form.base_fields)
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return super().get_readonly_fields(request, obj) if obj is not None else []


@admin.register(Operator, site=site)
class OperatorAdmin(ByAct):
    """The tenants. Each runs its own locations and staff from its desk."""

    changes = True
    form = ChangeOperator
    add_form = OpenOperator
    list_display = ["name", "slug", "currency", "time_zone", "opened_at"]
    search_fields = ["name", "slug"]
    fields = [*OPENED_WITH, "opened_at"]
    readonly_fields = ["slug", "currency", "opened_at"]


@admin.register(Staff, site=site)
class StaffAdmin(ByAct):
    """Who works where. Roles are changed and places ended on the operator's own desk."""

    add_form = AddStaff
    list_display = ["user", "operator", "role", "since_at"]
    list_filter = ["role"]
    list_select_related = ["user", "operator"]
    search_fields = ["user__email", "user__name", "operator__name"]


@admin.register(Location, site=site)
class LocationAdmin(PlatformAdmin):
    """To look at: each operator runs its own."""

    list_display = ["name", "operator", "city", "state", "listed"]
    list_select_related = ["operator"]
    search_fields = ["name", "city", "operator__name"]
