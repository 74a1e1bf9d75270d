"""Text as people type it, safe to keep."""

import unicodedata

from postroom.base.refusals import Refused


class ControlCharacters(Refused):
    """There is a character in it that cannot be stored. Please type the text again."""


def tidy(typed: str) -> str:
    """Will trim a line of text, fold runs of white space and bring it to one Unicode form.

    Raises ControlCharacters for a NUL byte or another control character.
    """
    text = " ".join(unicodedata.normalize("NFC", typed).split())
    if any(unicodedata.category(character) == "Cc" for character in text):
        raise ControlCharacters()
    return text


def tidy_lines(typed: str) -> str:
    """Will trim each line of a text, and the empty ones before and after.

    Raises ControlCharacters.
    """
    return "\n".join(tidy(line) for line in typed.splitlines()).strip("\n")
