"""Letters that were posted together: each recorded, and what is refused said by itself."""

from datetime import date

import pytest

from postroom.domain.notices.letters_posted import Posted, record_all_posted, to_post
from postroom.domain.notices.models import Announcement, Envelope, EnvelopeState
from postroom.domain.plans.models import Plan
from tests.rooms.billing_worlds import Shop, day
from tests.rooms.noticing import announce, days, joined, post, state, to_tell

POSTED = EnvelopeState.POSTED


@pytest.fixture
def told(shop: Shop, gold: Plan) -> Announcement:
    shop.places[0].state = "TX"
    shop.places[0].save(update_fields=["state"])
    return announce(shop, gold)


@pytest.fixture
def letters(shop: Shop, told: Announcement) -> list[Envelope]:
    """Three letters of three who have no e-mail, the last written two days after the others."""
    di, ed, flo = (joined(shop, told.plan, it, email=False) for it in ("Di", "Ed", "Flo"))
    post(shop, told, to_tell(di), to_tell(ed), at="26-06-08")
    return post(shop, told, to_tell(flo), at="26-06-10")


def record(shop: Shop, told: Announcement, last: Envelope, posted_on: date) -> Posted:
    return record_all_posted(
        told,
        last=last.pk,
        posted_on=posted_on,
        posted_by="Olga",
        by=shop.by,
        at=shop.at("26-06-12"),
    )


def test_all_that_were_printed_are_recorded_and_clear(
    shop: Shop, told: Announcement, letters: list[Envelope]
) -> None:
    assert record(shop, told, letters[1], day("26-06-10")) == Posted(2, [])
    assert [state(it) for it in letters] == [POSTED, POSTED, EnvelopeState.TO_PRINT]
    assert [bool(days(it.about)) for it in letters] == [True, True, False]
    assert list(to_post(told)) == [letters[2]], "written since somebody printed"


def test_what_is_refused_of_one_undoes_none_of_the_others(
    shop: Shop, told: Announcement, letters: list[Envelope]
) -> None:
    done = record(shop, told, letters[2], day("26-06-09"))
    [(letter, why)] = done.refused
    assert (done.recorded, letter) == (2, letters[2])
    assert "Nobody can have been told of it before" in why
    assert [state(it) for it in letters] == [POSTED, POSTED, EnvelopeState.TO_PRINT]
