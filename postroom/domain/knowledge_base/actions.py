"""What is done with the knowledge base: it is written down, readers give feedback, staff look."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from postroom.base.refusals import Refused
from postroom.base.text import tidy_lines
from postroom.domain.knowledge_base.models import Article, Feedback, Reason
from postroom.domain.users.models import User


class NoReason(Refused):
    """Choose at least one of the reasons."""

    field = "reasons"


class UnknownReason(Refused):
    """Choose from the reasons that are shown."""

    field = "reasons"


class CommentTooLong(Refused):
    """The comment has {length} characters. Shorten it to {longest}."""

    field = "comment"


#: Characters of a comment.
LONGEST_COMMENT = 2_000


@dataclass(frozen=True)
class Reader:
    """Who reads: a person who is signed in, or a visitor known by their session alone."""

    user_id: int | None = None
    visitor: UUID | None = None


@dataclass(frozen=True)
class Text:
    """The words of an article: its title, summary and headings, and the rest without marks."""

    slug: str
    title: str
    summary: str
    headings: str
    text: str


@transaction.atomic
def write_down(*, texts: Iterable[Text]) -> int:
    """Will keep the words of all articles there are, to be searched; returns how many."""
    articles = [Article(**asdict(it)) for it in texts]
    Article.objects.exclude(slug__in=[it.slug for it in articles]).delete()
    Article.objects.bulk_create(
        articles,
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=["title", "summary", "headings", "text"],
    )
    return len(articles)


@transaction.atomic
def find_helpful(*, article: str, reader: Reader, at: datetime) -> None:
    """Will keep a reader's Yes, in place of what they said before."""
    _keep(Feedback(article=article, helpful=True, given_at=at), reader)


@transaction.atomic
def find_unhelpful(
    *,
    article: str,
    reader: Reader,
    reasons: Collection[str],
    at: datetime,
    comment: str = "",
    email: str = "",
) -> None:
    """Will keep a reader's No with its reasons, in place of what they said before.

    It is to be looked at, also where an earlier one was done. Raises NoReason, UnknownReason,
    CommentTooLong, ControlCharacters.
    """
    if not reasons:
        raise NoReason()
    if not set(reasons) <= set(Reason.values):
        raise UnknownReason()
    comment = tidy_lines(comment)
    if len(comment) > LONGEST_COMMENT:
        raise CommentTooLong(length=f"{len(comment):,}", longest=f"{LONGEST_COMMENT:,}")
    feedback = Feedback(article=article, helpful=False, given_at=at, comment=comment, email=email)
    feedback.reasons = [it for it in Reason.values if it in reasons]
    _keep(feedback, reader)


def mark_done(*, feedback: Feedback, by: User, at: datetime) -> None:
    """Will note that somebody has looked at what a reader wrote; a second time changes nothing."""
    open_still = Feedback.objects.filter(pk=feedback.pk, helpful=False, done_at=None)
    open_still.update(done_at=at, done_by=by)


def open_again(*, feedback: Feedback) -> None:
    """Will put what a reader wrote back among what is to be looked at."""
    Feedback.objects.filter(pk=feedback.pk).update(done_at=None, done_by=None)


def _keep(feedback: Feedback, reader: Reader) -> None:
    """Will write it in one statement: two windows of one reader may send at the same instant."""
    feedback.user_id, feedback.visitor = reader.user_id, reader.visitor
    said = ["helpful", "reasons", "comment", "email", "given_at", "done_at", "done_by"]
    Feedback.objects.bulk_create(
        [feedback],
        update_conflicts=True,
        unique_fields=["article", "user" if reader.user_id else "visitor"],
        update_fields=said,
    )
