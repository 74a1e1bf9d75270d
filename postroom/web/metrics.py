"""The door for monitoring: a few numbers of each operator, as Prometheus reads them."""

from collections.abc import Iterator
from datetime import datetime
from hmac import compare_digest
from typing import Any

from django.conf import settings
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from procrastinate.contrib.django.models import ProcrastinateJob
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from postroom.base.tenancy import as_platform
from postroom.domain.billing.models import BillingRun
from postroom.domain.documents.models import InvoiceMail, MailState
from postroom.domain.notices.models import Envelope, EnvelopeState
from postroom.domain.operators.models import Operator
from postroom.domain.proof.models import Proof

#: What is said of each operator: the column, the metric's name, and what it is.
SAID = (
    ("proof_finished_at", "proof_age_seconds", "Seconds since the last proof was finished."),
    ("proof_differences", "proof_differences", "Differences that the last proof found."),
    ("proof_invoices", "proof_invoices", "Invoices that the last proof checked."),
    ("run_finished_at", "billing_age_seconds", "Seconds since a billing run was finished."),
    ("run_set_aside", "billing_set_aside", "Subscriptions that the last run set aside."),
    ("mails_waiting", "mails_waiting", "Mails with invoices that wait to be sent."),
    ("notices_waiting", "notices_waiting", "Notices that wait to be sent."),
)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The numbers, for who has the token; without a token there is no such page."""
    if not settings.METRICS_TOKEN:
        raise Http404
    given = request.headers.get("authorization", "")
    if not compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode()):
        refused = HttpResponse("A token is needed.\n", content_type="text/plain", status=401)
        refused["WWW-Authenticate"] = "Bearer"
        return refused
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Numbers(timezone.now()))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


metrics.access = "token"  # type: ignore[attr-defined]


class Numbers(Collector):
    """Reads the numbers when asked for, in two queries however many operators there are."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def collect(self) -> Iterator[GaugeMetricFamily]:
        with as_platform():
            operators = _operators()
            due = Q(scheduled_at__isnull=True) | Q(scheduled_at__lte=self.at)
            jobs = ProcrastinateJob.objects.filter(due, status="todo").count()
        for column, name, what in SAID:
            family = GaugeMetricFamily(f"postroom_{name}", what, labels=["operator"])
            for it in operators:
                if (value := it[column]) is not None:
                    family.add_metric([it["slug"]], self._number(value))
            yield family
        yield GaugeMetricFamily("postroom_jobs_waiting", "Jobs that wait for a worker.", jobs)

    def _number(self, value: datetime | int) -> float:
        return (self.at - value).total_seconds() if isinstance(value, datetime) else float(value)


def _count(waiting: QuerySet[Any]) -> QuerySet[Any, Any]:
    counted: QuerySet[Any, Any] = waiting.order_by().values("operator").annotate(count=Count("pk"))
    return counted.values("count")


def _operators() -> list[dict[str, Any]]:
    """Will read each operator's last finished proof and run, and what waits to be mailed."""
    proofs = Proof.objects.filter(operator=OuterRef("pk"), finished_at__isnull=False)
    runs = BillingRun.objects.filter(operator=OuterRef("pk"), dry=False, finished_at__isnull=False)
    mails = InvoiceMail.objects.filter(operator=OuterRef("pk"), state=MailState.WAITING)
    notices = Envelope.objects.filter(operator=OuterRef("pk"), state=EnvelopeState.WAITING)
    proof, run = proofs.order_by("-pk"), runs.order_by("-on")
    return list(
        Operator.objects.order_by("slug")
        .annotate(
            proof_finished_at=Subquery(proof.values("finished_at")[:1]),
            proof_differences=Subquery(proof.values("differences")[:1]),
            proof_invoices=Subquery(proof.values("invoices")[:1]),
            run_finished_at=Subquery(run.values("finished_at")[:1]),
            run_set_aside=Subquery(run.values("set_aside")[:1]),
            mails_waiting=Subquery(_count(mails)),
            notices_waiting=Subquery(_count(notices)),
        )
        .values("slug", *(column for column, _, _ in SAID))
    )
