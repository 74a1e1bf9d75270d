"""Settings: the operator itself."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from postroom.base.refusals import Refused
from postroom.domain.operators.actions import change_operator
from postroom.domain.operators.permissions import May
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.house.forms import OperatorForm
from postroom.web.refusing import refuse


@desk(May.RUN_HOUSE)
def operator(request: DeskRequest) -> HttpResponse:
    """Name, service address, time zone and format; its address and currency are fixed."""
    the_operator = request.operator
    initial = {field: getattr(the_operator, field) for field in OperatorForm.base_fields}
    form = OperatorForm(request.POST or None, operator=the_operator, initial=initial)
    if form.is_valid():
        try:
            changes = change_operator(
                the_operator, **form.cleaned_data, by=request.user, at=request.at
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Saved." if changes else "Nothing was changed.")
            return redirect("desk:settings", the_operator.slug)
    status = 422 if form.is_bound else 200
    return render(request, "desk/house/operator.html", {"form": form}, status=status)
