"""What every page knows about this installation."""

import json

from django.conf import settings
from django.http import HttpRequest

#: htmx may neither write a style into the page nor run text as a program.
HTMX = json.dumps({"includeIndicatorStyles": False, "allowEval": False})


def installation(request: HttpRequest) -> dict[str, object]:
    return {"version": settings.VERSION, "is_demo": settings.DEMO, "htmx_config": HTMX}
