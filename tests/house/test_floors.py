"""Foreign keys only point down the floors, those named by a string too."""

from django.apps import apps

from tests.tables import our_models

#: The rooms, top to bottom; those on one floor do not know each other.
FLOORS = [
    {"moving_in"},
    {"plan_changes", "documents", "proof", "reports", "signups"},
    {"billing"},
    {"notices", "usage"},
    {"subscriptions"},
    {"customers", "plans"},
    {"operators"},
    {"events", "knowledge_base"},
    {"users"},
]
FLOOR = {room: depth for depth, rooms in enumerate(FLOORS) for room in rooms}


def test_every_room_has_a_floor() -> None:
    rooms = {it.label for it in apps.get_app_configs() if it.name.startswith("postroom.domain.")}
    assert rooms == set(FLOOR)


def test_foreign_keys_point_down() -> None:
    upward = [
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model in our_models()
        if not points_down(model._meta.app_label, field.related_model._meta.app_label)
    ]
    assert upward == []


def points_down(room: str, other: str) -> bool:
    return room == other or FLOOR[room] < FLOOR[other]


def test_events_hold_no_foreign_keys() -> None:
    assert [it.name for it in apps.get_model("events.Event")._meta.fields if it.is_relation] == []
