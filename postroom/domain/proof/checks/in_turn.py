"""One check over two tables, the one after the other, with one cursor."""

from dataclasses import replace

from postroom.domain.proof.faults import Look, Looked, Page


def in_turn(first: Look, second: Look) -> Look:
    """Will return a check that looks through one table and then through another.

    Its cursor is above zero in the first and, turned around and less one, in the second.
    """

    def look(page: Page) -> Looked:
        if page.after >= 0:
            looked = first(page)
            if looked.last is not None:
                return looked
        looked = second(replace(page, after=max(0, -page.after - 1)))
        if looked.last is not None:
            looked.last = -looked.last - 1
        return looked

    return look
