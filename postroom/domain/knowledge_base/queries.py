"""What readers say of the articles."""

from dataclasses import dataclass, field

from django.db.models import Count, Func, Q, QuerySet

from postroom.domain.knowledge_base.actions import Reader
from postroom.domain.knowledge_base.models import Feedback, Reason


@dataclass(frozen=True)
class Helpfulness:
    """How many said Yes and No to an article, why, and how much of it is to be looked at."""

    article: str
    yes: int = 0
    no: int = 0
    still_open: int = 0
    #: How often each reason was chosen, the most frequent first.
    reasons: dict[str, int] = field(default_factory=dict)

    @property
    def share(self) -> int | None:
        """Percent of those who answered that said Yes; None where nobody has answered."""
        return round(100 * self.yes / (self.yes + self.no)) if self.yes + self.no else None


def feedback_of(reader: Reader, article: str) -> Feedback | None:
    """Will return what a reader said of an article."""
    if reader == Reader():
        return None
    own = Feedback.objects.filter(article=article, user=reader.user_id, visitor=reader.visitor)
    return own.first()


def helpfulness() -> dict[str, Helpfulness]:
    """Will count what was said of each article that anything was said of."""
    counted = Feedback.objects.values("article").annotate(
        yes=Count("pk", filter=Q(helpful=True)),
        no=Count("pk", filter=Q(helpful=False)),
        still_open=Count("pk", filter=Q(helpful=False, done_at=None)),
    )
    why = _reasons()
    return {it["article"]: Helpfulness(**it, reasons=why.get(it["article"], {})) for it in counted}


def noes(*, article: str = "", done: bool = False) -> QuerySet[Feedback]:
    """Will return what readers found wrong, the newest first; of one article, if it is named."""
    said = Feedback.objects.filter(helpful=False, done_at__isnull=not done)
    said = said.filter(article=article) if article else said
    return said.select_related("user", "done_by").order_by("-given_at", "-pk")


def _reasons() -> dict[str, dict[str, int]]:
    each = Feedback.objects.filter(helpful=False).values("article")
    counted = each.annotate(reason=Func("reasons", function="unnest")).values("article", "reason")
    found: dict[str, dict[str, int]] = {}
    for row in counted.annotate(times=Count("pk")).order_by("-times", "reason"):
        label = str(Reason(row["reason"]).label)
        found.setdefault(row["article"], {})[label] = row["times"]
    return found
