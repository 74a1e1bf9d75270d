"""Who may come in: anybody who knows the operator's address."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import Http404, HttpResponse

from postroom.domain.plans.published import host
from postroom.web.visitors import VisitorRequest, as_visitor

P = ParamSpec("P")


def visitor(
    view: Callable[Concatenate[VisitorRequest, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Will let anybody in who names an operator; an unknown one is 404."""

    @wraps(view)
    def found(
        request: VisitorRequest, operator: str, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        known = host(operator)
        if known is None:
            raise Http404
        request.host = known
        return view(request, *args, **kwargs)

    answer: Any = as_visitor(found)
    answer.access = "visitors of an operator"
    return answer  # type: ignore[no-any-return]
