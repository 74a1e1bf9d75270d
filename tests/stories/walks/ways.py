"""The ways that several articles go."""

from tests.stories.walks.walking import Walk


def open_bronze(walk: Walk) -> None:
    """Will go the way to a plan that most of the articles name."""
    walk.opens("dashboard")
    walk.clicks("Customers")
    walk.clicks("Service Plans")
    walk.clicks("Bronze")


def open_change(walk: Walk) -> None:
    """Will go the way to the page of a change."""
    open_bronze(walk)
    walk.clicks("History")
    walk.follows(walk.page.locator("#history .list-group a").first)
