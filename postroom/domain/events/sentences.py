"""Events in words: one sentence an act."""

from postroom.domain.events.models import Event


def sentence(event: Event) -> str:
    """Will say what happened and by whom."""
    return f"{event.by_name}: {event.act}"
