"""When a form comes back with a token that is no longer good, nothing typed is lost."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Will show what was typed and offer to send it again with a fresh token.

    Only a form of this very site gets that offer; to any other it is a plain refusal, since the
    token is what keeps a stranger's page from sending forms in somebody's name.
    """
    origin = request.headers.get("origin") or request.headers.get("referer") or ""
    ours = urlsplit(origin).netloc == request.get_host()
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
    return render(
        request,
        "web/stale_form.html",
        {"ours": ours, "fields": fields if ours else [], "had_file": bool(request.FILES)},
        status=403,
    )
