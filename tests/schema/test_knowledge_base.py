"""Each constraint of the knowledge base, broken by name, and whose feedback is whose."""

from uuid import UUID, uuid4

import pytest
from django.db import ProgrammingError, transaction

from postroom.base.tenancy import as_operator, as_platform, as_public_reader, as_reader
from postroom.demo.cast import House
from postroom.domain.knowledge_base.actions import Reader, find_helpful, find_unhelpful, mark_done
from postroom.domain.knowledge_base.models import Article, Feedback, Reason
from tests.conftest import AT
from tests.tables import again, ask, breaking, change

pytestmark = pytest.mark.usefixtures("nothing_said_of_articles")

MINE = Reader(visitor=UUID(int=1))


@pytest.fixture
def said(harbor: House) -> Feedback:
    """A visitor's No."""
    with as_reader(None, MINE.visitor):
        find_unhelpful(article="a", reader=MINE, reasons=[Reason.OUT_OF_DATE], at=AT)
        return Feedback.objects.get()


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("feedback_is_of_a_user_or_a_visitor", {"visitor": "NULL"}),
        (
            "feedback_is_of_a_user_or_a_visitor",
            {"user_id": "(SELECT min(id) FROM users_user)"},
        ),
        ("feedback_has_reasons_where_it_is_no", {"reasons": "'{}'"}),
        ("feedback_has_reasons_where_it_is_no", {"helpful": "true"}),
        ("feedback_reasons_are_known", {"reasons": "'{boring}'"}),
        (
            "feedback_says_more_only_where_it_is_no",
            {"helpful": "true", "reasons": "'{}'", "comment": "'x'"},
        ),
        ("feedback_is_done_by_somebody", {"done_at": "given_at"}),
        ("knowledge_base_feedback_user_exists", {"user_id": "0", "visitor": "NULL"}),
        ("knowledge_base_feedback_done_by_exists", {"done_by_id": "0", "done_at": "given_at"}),
    ],
)
def test_feedback(said: Feedback, constraint: str, changes: dict[str, str]) -> None:
    with as_platform(), breaking(constraint):
        change("knowledge_base_feedback", **changes)


def test_a_visitor_says_one_thing(said: Feedback) -> None:
    with as_platform(), breaking("feedback_is_given_once_by_a_visitor"):
        again("knowledge_base_feedback")


def test_a_user_says_one_thing(harbor: House) -> None:
    with as_reader(harbor.owner.pk, None):
        find_helpful(article="a", reader=Reader(user_id=harbor.owner.pk), at=AT)
    with as_platform(), breaking("feedback_is_given_once_by_a_user"):
        again("knowledge_base_feedback")


def test_an_article_has_words(db: None) -> None:
    with as_platform(), breaking("article_has_words"):
        Article.objects.create(slug="empty", title="Empty", summary="", text="")
    with as_platform(), breaking("article_slug_is_unique"):
        again("knowledge_base_article")


def test_readers_see_their_own_and_call_nothing_done(said: Feedback, harbor: House) -> None:
    with as_reader(None, uuid4()):
        assert ask("SELECT count(*) FROM knowledge_base_feedback") == [(0,)]
    with as_reader(harbor.owner.pk, None), as_operator(harbor.operator.pk):
        assert ask("SELECT count(*) FROM knowledge_base_feedback") == [(0,)]
    with as_reader(None, MINE.visitor):
        assert ask("SELECT count(*) FROM knowledge_base_feedback") == [(1,)]
        with pytest.raises(ProgrammingError), transaction.atomic():
            mark_done(feedback=said, by=harbor.owner, at=AT)
        with pytest.raises(ProgrammingError), transaction.atomic():
            find_helpful(article="a", reader=Reader(visitor=uuid4()), at=AT)


def test_articles_are_read_by_all_and_written_by_the_platform(db: None) -> None:
    with as_reader(None, None):
        assert ask("SELECT true FROM knowledge_base_article LIMIT 1") == [(True,)]
        ask("DELETE FROM knowledge_base_article")
        assert ask("SELECT true FROM knowledge_base_article LIMIT 1") == [(True,)]
    with as_public_reader(), pytest.raises(ProgrammingError), transaction.atomic():
        ask("SELECT true FROM knowledge_base_article")
