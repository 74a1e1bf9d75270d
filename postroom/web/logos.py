"""An operator's logo and color, in whatever door they are shown."""

from django.http import Http404, HttpResponse

from postroom.domain.operators.kinds import LogoKind
from postroom.domain.operators.letterheads import newest_letterhead

MEDIA = {LogoKind.PNG: "image/png", LogoKind.JPEG: "image/jpeg", LogoKind.SVG: "image/svg+xml"}


def color_in_force() -> HttpResponse:
    """Will answer with styles in the color of the newest letterhead. Raises Http404 without one."""
    now = newest_letterhead()
    if now is None or not now.color:
        raise Http404
    styles = (
        f":root, [data-bs-theme] {{ --tblr-primary: {now.color}; }}\n"
        f".topbar {{ background: {now.color}; }}\n"
    )
    answer = HttpResponse(styles, content_type="text/css")
    answer["Cache-Control"] = "private, no-cache"
    return answer


def logo_in_force() -> HttpResponse:
    """Will answer with the logo of the newest letterhead. Raises Http404 where there is none."""
    now = newest_letterhead()
    if now is None or not now.logo:
        raise Http404
    answer = HttpResponse(bytes(now.logo), content_type=MEDIA[LogoKind(now.logo_kind)])
    answer["Cache-Control"] = "private, no-cache"
    return answer
