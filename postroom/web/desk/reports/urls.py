from django.http import HttpResponse
from django.urls import path

from postroom.domain.operators.permissions import May
from postroom.web.desk.access import DeskRequest, desk


@desk(May.SEE_MONEY)
def reports(request: DeskRequest) -> HttpResponse:
    return HttpResponse("reports")


urlpatterns = [path("reports/", reports, name="reports")]
