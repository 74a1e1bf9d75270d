"""Settings: who works here, and as what."""

from allauth.account.forms import ResetPasswordForm
from allauth.core.context import request_context
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from postroom.base.refusals import Refused
from postroom.domain.operators.actions import add_staff, change_role, remove_staff
from postroom.domain.operators.models import Staff
from postroom.domain.operators.permissions import May, Role
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.house.forms import RoleForm, StaffForm
from postroom.web.refusing import refuse


@desk(May.RUN_HOUSE)
def staff(request: DeskRequest) -> HttpResponse:
    """Everybody who works here."""
    people = Staff.objects.select_related("user").order_by("user__name", "pk")
    return render(request, "desk/house/staff.html", {"people": people})


@desk(May.RUN_HOUSE)
def new(request: DeskRequest) -> HttpResponse:
    """Somebody new, who gets a link to set a password."""
    form = StaffForm(request.POST or None)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            added = add_staff(
                request.operator,
                email=typed["email"],
                name=typed["name"],
                role=Role(typed["role"]),
                by=request.user,
                at=request.at,
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            _send_link(request, added)
            messages.success(
                request, f"{added.user} works here now. An e-mail with a link is sent."
            )
            return redirect("desk:settings_staff", request.operator.slug)
    status = 422 if form.is_bound else 200
    return render(request, "desk/house/staff_new.html", {"form": form}, status=status)


@desk(May.RUN_HOUSE)
def role(request: DeskRequest, staff_id: int) -> HttpResponse:
    """What somebody may do here."""
    person = get_object_or_404(Staff.objects.select_related("user"), pk=staff_id)
    form = RoleForm(request.POST or None, initial={"role": person.role})
    if form.is_valid():
        try:
            change_role(
                person, role=Role(form.cleaned_data["role"]), by=request.user, at=request.at
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, f"{person.user}: {person.get_role_display()}.")
            return redirect("desk:settings_staff", request.operator.slug)
    context = {"form": form, "person": person}
    status = 422 if form.is_bound else 200
    return render(request, "desk/house/staff_role.html", context, status=status)


@desk(May.RUN_HOUSE)
def remove(request: DeskRequest, staff_id: int) -> HttpResponse:
    """Ends somebody's place here, once that is confirmed."""
    person = get_object_or_404(Staff.objects.select_related("user"), pk=staff_id)
    refused = ""
    if request.method == "POST":
        try:
            remove_staff(person, by=request.user, at=request.at)
        except Refused as refusal:
            refused = str(refusal)
        else:
            messages.success(request, f"{person.user} does not work here any more.")
            if person.user == request.user:
                return redirect("desk:home")
            return redirect("desk:settings_staff", request.operator.slug)
    context = {"person": person, "refused": refused}
    status = 422 if refused else 200
    return render(request, "desk/house/staff_remove.html", context, status=status)


@require_POST
@desk(May.RUN_HOUSE)
def link(request: DeskRequest, staff_id: int) -> HttpResponse:
    """Sends the link to set a password again."""
    person = get_object_or_404(Staff.objects.select_related("user"), pk=staff_id)
    _send_link(request, person)
    messages.success(request, f"An e-mail with a link is sent to {person.user.email}.")
    return redirect("desk:settings_staff", request.operator.slug)


def _send_link(request: DeskRequest, person: Staff) -> None:
    """Will send the link once all is saved; a mail server that is down does not undo the rest."""

    def send() -> None:
        form = ResetPasswordForm({"email": person.user.email})
        # The mail's links are built from the request, which is over where this is run later.
        with request_context(request):
            if form.is_valid():
                form.save(request)

    transaction.on_commit(send, robust=True)
