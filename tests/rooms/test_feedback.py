"""What readers say of articles: once each, changed as they like, and looked at by staff."""

from datetime import timedelta
from uuid import UUID

import pytest

from postroom.base.tenancy import as_platform, as_reader
from postroom.base.text import ControlCharacters
from postroom.demo.cast import House
from postroom.domain.knowledge_base.actions import (
    CommentTooLong,
    NoReason,
    Reader,
    UnknownReason,
    find_helpful,
    find_unhelpful,
    mark_done,
    open_again,
)
from postroom.domain.knowledge_base.models import Feedback, Reason
from postroom.domain.knowledge_base.queries import feedback_of, helpfulness, noes
from tests.conftest import AT

pytestmark = pytest.mark.usefixtures("nothing_said_of_articles")

NINA, OLAF = Reader(visitor=UUID(int=1)), Reader(visitor=UUID(int=2))


def yes(reader: Reader, article: str = "a") -> None:
    with as_reader(reader.user_id, reader.visitor):
        find_helpful(article=article, reader=reader, at=AT)


def no(reader: Reader, *reasons: Reason, article: str = "a", comment: str = "") -> None:
    said = reasons or (Reason.OUT_OF_DATE,)
    with as_reader(reader.user_id, reader.visitor):
        find_unhelpful(article=article, reader=reader, reasons=said, comment=comment, at=AT)


@pytest.mark.parametrize("how", ["user", "visitor"])
def test_the_last_answer_counts(harbor: House, how: str) -> None:
    reader = Reader(user_id=harbor.owner.pk) if how == "user" else NINA
    yes(reader)
    no(reader, Reason.MISSING_STEPS, Reason.HARD_TO_FOLLOW, comment="  Where is it? \r\n\r\n")
    with as_reader(reader.user_id, reader.visitor):
        said = feedback_of(reader, "a")
    assert said is not None and not said.helpful and said.comment == "Where is it?"
    assert said.reasons == ["hard_to_follow", "missing_steps"], "in the order in which they stand"
    yes(reader)
    with as_platform():
        assert Feedback.objects.count() == 1
        assert helpfulness()["a"].share == 100


@pytest.mark.parametrize(
    ("refusal", "facts"),
    [
        (NoReason, {"reasons": []}),
        (UnknownReason, {"reasons": ["boring"]}),
        (CommentTooLong, {"comment": "x" * 2001}),
        (ControlCharacters, {"comment": "a\0b"}),
    ],
)
def test_what_is_refused_is_not_kept(
    harbor: House, refusal: type[Exception], facts: dict[str, object]
) -> None:
    said = {"reasons": [Reason.OUT_OF_DATE], "article": "a", "reader": NINA, "at": AT} | facts
    with as_reader(None, NINA.visitor):
        with pytest.raises(refusal):
            find_unhelpful(**said)  # type: ignore[arg-type]
        assert feedback_of(NINA, "a") is None


def test_helpfulness_is_counted_by_article(harbor: House) -> None:
    yes(NINA)
    no(OLAF, Reason.OUT_OF_DATE, Reason.MISSING_STEPS)
    no(Reader(visitor=UUID(int=3)), Reason.MISSING_STEPS)
    no(NINA, article="b")
    with as_platform():
        counted = helpfulness()
    assert (counted["a"].yes, counted["a"].no, counted["a"].share) == (1, 2, 33)
    why = {"Pictures or steps are missing": 2, "It is out of date": 1}
    assert counted["a"].reasons == why and counted["a"].still_open == 2
    assert (counted["b"].yes, counted["b"].share) == (0, 0)


def test_what_is_done_comes_back_when_it_is_said_anew(harbor: House) -> None:
    no(NINA, comment="One")
    with as_platform():
        [said] = noes()
        mark_done(feedback=said, by=harbor.owner, at=AT + timedelta(days=1))
        assert not noes().exists()
        assert [it.done_by for it in noes(done=True, article="a")] == [harbor.owner]
        open_again(feedback=said)
        assert noes().count() == 1
        mark_done(feedback=said, by=harbor.owner, at=AT)
    no(NINA, comment="Two")
    with as_platform():
        assert [it.comment for it in noes()] == ["Two"]
        assert not noes(article="other").exists()
