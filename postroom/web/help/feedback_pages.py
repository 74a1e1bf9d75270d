"""For the platform's staff: how helpful each article is, why not, and what is to be looked at."""

from dataclasses import dataclass

import django_tables2 as tables
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from postroom.domain.knowledge_base.actions import mark_done, open_again
from postroom.domain.knowledge_base.models import Feedback
from postroom.domain.knowledge_base.queries import Helpfulness, helpfulness, noes
from postroom.ui.paging import arrange
from postroom.web.help.access import StaffRequest, platform_staff
from postroom.web.help.catalog import Catalog, catalog
from postroom.web.help.reading import frame, page_number

A_PAGE = 20
NUMBERS = {"th": {"class": "num"}, "td": {"class": "num"}}


@dataclass(frozen=True)
class Row:
    """An article, or one that is there no more, and what was said of it."""

    title: str
    section: str
    url: str
    said: Helpfulness

    @property
    def reason(self) -> str:
        return next(iter(self.said.reasons), "")


class HelpfulnessTable(tables.Table):  # type: ignore[misc]
    title = tables.Column("Article")
    section = tables.Column("Section")
    share = tables.Column(
        "Helpful",
        accessor="said__share",
        default="Nobody said",
        attrs={"td": {"class": "help-share"}},
    )
    yes = tables.Column("Yes", accessor="said__yes", attrs=NUMBERS)
    no = tables.Column("No", accessor="said__no", attrs=NUMBERS)
    reason = tables.Column("Reasons", default="–")
    still_open = tables.Column("To look at", accessor="said__still_open", attrs=NUMBERS)

    class Meta:
        order_by = ("-still_open", "title")

    caption = "How helpful each article is"

    def render_title(self, record: Row) -> SafeString | str:
        link = format_html('<a href="{}">{}</a>', record.url, record.title)
        return link if record.url else record.title

    def render_share(self, value: int) -> SafeString:
        bar = '<meter min="0" max="100" value="{}" aria-hidden="true"></meter> {} %'
        return format_html(bar, value, value)

    def render_reason(self, record: Row) -> str:
        return ", ".join(f"{label} ({times})" for label, times in record.said.reasons.items())

    def render_still_open(self, value: int, record: Row) -> SafeString | str:
        if not record.said.no:
            return "0"
        url = _comments_url(record.said.article)
        return format_html('<a href="{}">{}</a>', url, value or "All done")


@platform_staff
def by_article(request: StaffRequest) -> HttpResponse:
    """Will show of each article how many it helped, and why it did not help the others."""
    table = HelpfulnessTable(_rows(catalog(), helpfulness()))
    arrange(request, table, per_page=100)
    return render(request, "help/feedback.html", frame() | {"table": table, "tab": "feedback"})


@platform_staff
def comments(request: StaffRequest) -> HttpResponse:
    """Will list what readers found wrong: to be looked at, or done; of one article or of all."""
    article, done = request.GET.get("article", "").replace("\0", ""), "done" in request.GET
    pages = Paginator(noes(article=article, done=done), A_PAGE)
    page = pages.get_page(page_number(request))
    known = catalog().articles
    said = [{"feedback": it, "article": known.get(it.article)} for it in page]
    context = frame() | {
        "said": said,
        "done": done,
        "of": article,
        "of_article": known.get(article),
        "table": {"page": page, "paginator": pages, "prefixed_page_field": "page"},
        "tab": "comments",
    }
    return render(request, "help/comments.html", context)


@require_POST
@platform_staff
def settle(request: StaffRequest, feedback_id: int) -> HttpResponse:
    """Will note that somebody looked at what a reader wrote, or put it back."""
    feedback = get_object_or_404(Feedback, pk=feedback_id, helpful=False)
    if "again" in request.POST:
        open_again(feedback=feedback)
        messages.success(request, "It is to be looked at again.")
    else:
        mark_done(feedback=feedback, by=request.user, at=request.at)
        messages.success(request, "Done. It is among those that are done, and can be put back.")
    return redirect(_comments_url(request.POST.get("of", ""), done="again" in request.POST))


def _comments_url(article: str, done: bool = False) -> str:
    asked = {"article": article} if article else {}
    asked |= {"done": "1"} if done else {}
    return reverse("help:comments") + (f"?{urlencode(asked)}" if asked else "")


def _rows(whole: Catalog, said: dict[str, Helpfulness]) -> list[Row]:
    """Will return a row for each article, and for what was said of those that are no more."""
    rows = [
        Row(
            it.title,
            whole.sections[it.section].name,
            it.url,
            said.get(it.slug, Helpfulness(it.slug)),
        )
        for it in whole.articles.values()
    ]
    gone = [
        Row(slug, "No more there", "", it)
        for slug, it in said.items()
        if slug not in whole.articles
    ]
    return rows + gone
