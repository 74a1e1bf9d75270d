"""Each constraint of what customers are told, broken by name."""

import pytest

from postroom.demo.cast import House
from tests.tables import again, ask, breaking, change

ENVELOPE = {"message_id": "'<2@mail.example>'", "first_day": "first_day + 1"}
DONE = {"state": "'accepted'", "next_try_at": "NULL"}
CLAIM = {"claim": "gen_random_uuid()", "claimed_at": "moved_at"}


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("announcement_subject_is_known", {"subject": "'rumour'"}),
        ("only_a_message_announces_no_version", {"version_id": "NULL"}),
        ("only_a_message_announces_no_version", {"subject": "'message'", "words": "'Hello'"}),
        ("message_has_words", {"subject": "'message'", "version_id": "NULL"}),
    ],
)
def test_announcements(full: House, constraint: str, changes: dict[str, str]) -> None:
    with breaking(constraint):
        again("notices_announcement", **changes)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("envelope_is_written_once", {"message_id": "'<2@mail.example>'"}),
        ("envelope_has_a_message_id_of_its_own", {"first_day": "first_day + 1"}),
        ("envelope_state_is_known", ENVELOPE | DONE | {"state": "'lost'"}),
        ("envelope_is_tried_while_it_waits", ENVELOPE | {"next_try_at": "NULL"}),
        ("envelope_is_tried_while_it_waits", ENVELOPE | {"state": "'accepted'"}),
        ("envelope_is_tried_while_it_waits", ENVELOPE | DONE | CLAIM),
        ("envelope_claim_has_an_instant", ENVELOPE | {"claim": "gen_random_uuid()"}),
        ("envelope_claim_has_an_instant", ENVELOPE | {"claimed_at": "moved_at"}),
        ("envelope_says_something", ENVELOPE | {"title": "''"}),
        ("envelope_says_something", ENVELOPE | {"text": "''"}),
    ],
)
def test_envelopes(full: House, constraint: str, changes: dict[str, str]) -> None:
    with breaking(constraint):
        again("notices_envelope", **changes)


@pytest.mark.parametrize("act", ["UPDATE {} SET text = 'x'", "DELETE FROM {}"])
def test_an_envelope_keeps_its_words(full: House, act: str) -> None:
    with breaking("words_of_an_envelope_never_change"):
        ask(act.format("notices_envelope"))


def test_an_envelope_moves_on(full: House) -> None:
    change("notices_envelope", **DONE)
    assert ask("SELECT state FROM notices_envelope") == [("accepted",)]


def test_a_notice_is_one_for_its_first_day(full: House) -> None:
    with breaking("notice_is_one_for_its_first_day"):
        again("notices_notice")


def test_a_clearance_comes_from_one_notice(full: House) -> None:
    with breaking("clearance_comes_from_one_notice"):
        again("notices_noticeclearance")


def test_kinds_of_deliveries(full: House) -> None:
    with breaking("delivery_kind_is_known"):
        again("notices_delivery", kind="'lost'")


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("answer_is_sent_once_by_a_form", {}),
        ("answer_kind_is_known", {"sent_by_form": "NULL", "kind": "'maybe'"}),
        ("who_leaves_has_a_last_day", {"sent_by_form": "NULL", "kind": "'leaves'"}),
        ("who_leaves_has_a_last_day", {"sent_by_form": "NULL", "closes_on": "'2026-03-01'"}),
    ],
)
def test_answers(full: House, constraint: str, changes: dict[str, str]) -> None:
    with breaking(constraint):
        again("notices_answer", **changes)


@pytest.mark.parametrize("act", ["UPDATE {} SET operator_id = operator_id", "DELETE FROM {}"])
@pytest.mark.parametrize(
    ("book", "table"),
    [
        ("announcements_never_change", "notices_announcement"),
        ("notices_never_change", "notices_notice"),
        ("clearances_of_notices_never_change", "notices_noticeclearance"),
        ("deliveries_never_change", "notices_delivery"),
        ("answers_never_change", "notices_answer"),
        ("the_chosen_never_change", "subscriptions_chosen"),
    ],
)
def test_closed_books(full: House, act: str, book: str, table: str) -> None:
    with breaking(book):
        ask(act.format(table))


def test_a_customer_is_chosen_once(full: House) -> None:
    with breaking("customer_is_chosen_once"):
        again("subscriptions_chosen")
