"""Where somebody who has signed in begins."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from postroom.base.tenancy import as_member
from postroom.domain.operators.queries import memberships


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Will lead to the dashboard of the first operator that this person works for."""
    with as_member(request.user.pk or 0):
        places = memberships(request.user.pk or 0)
    if places:
        return redirect("desk:dashboard", slug=places[0].operator.slug)
    if getattr(request.user, "is_staff", False):
        return redirect("admin:index")
    return render(request, "desk/nowhere.html")


home.access = "anybody signed in"  # type: ignore[attr-defined]
