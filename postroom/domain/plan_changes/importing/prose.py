"""What the sentences of published plan tables say, where they have one meaning.

Gives the exact columns that a sentence amounts to; whatever has no one meaning is given back, to
be reported on its row.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

AMOUNT = r"(\d+(?:[.,]\d+)?)"

INCOMING = re.compile(rf"incoming \+{AMOUNT}(?:/item)?")
PAGES = re.compile(rf"(?:(?:page )?scan )?\+{AMOUNT}/page")
STORAGE = re.compile(
    rf"storage {AMOUNT}/item/(day|week|month)(?: after free days)?(?: capped {AMOUNT}/item/month)?"
)
TERMS = re.compile(rf"\d+ months {AMOUNT}(?:, \d+ months {AMOUNT})*")
HANDLING = re.compile(rf"{AMOUNT}(?: handling per shipment|/shipment| handling)( \+ .+)?")
EACH_SHRED = re.compile(rf"{AMOUNT}/(?:request|item)")
RECIPIENTS = re.compile(
    rf"(?:1-|up to )?(\d+)(?: \(\+{AMOUNT}/(?:recipient|user|person)(?:/month)?\))?"
)


@dataclass
class Understood:
    """The exact columns that sentences amount to, and the words that were not understood."""

    exact: dict[str, str] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)


def understand(cells: Mapping[str, str], *, is_amount: Callable[[str], bool]) -> Understood:
    """Will read the sentences of a row; ``is_amount`` tells whether a number is written right."""
    said = Understood()
    for column, read in (
        ("recipients", _recipients),
        ("forwarding", _forwarding),
        ("shredding", _shredding),
    ):
        if column in cells and not read(said, cells[column], is_amount):
            said.left.append(f"{column} “{cells[column]}”")
    for clause in re.split(r";\s*", cells.get("overage_notes", "")):
        if clause and not _clause(said, clause.strip(), cells, is_amount):
            said.left.append(f"“{clause.strip()}”")
    return said


def _recipients(said: Understood, text: str, is_amount: Callable[[str], bool]) -> bool:
    found = RECIPIENTS.fullmatch(text)
    if found is None or (found[2] and not is_amount(found[2])):
        return False
    said.exact["recipients_limit"] = found[1]
    if found[2]:
        said.exact |= {"recipients_extra_count": "1", "recipients_extra_fee": found[2]}
    return True


def _forwarding(said: Understood, text: str, is_amount: Callable[[str], bool]) -> bool:
    found = HANDLING.fullmatch(text)
    if found is None or not is_amount(found[1]):
        return False
    if re.fullmatch(r"0([.,]0+)?", found[1]):
        said.exact["forward_limit"] = "unlimited"
    else:
        said.exact |= _each("forward", found[1])
    if found[2]:
        said.left.append(f"forwarding “{found[2].strip()}”, which is charged apart")
    return True


def _shredding(said: Understood, text: str, is_amount: Callable[[str], bool]) -> bool:
    found = EACH_SHRED.fullmatch(text)
    if found is None or not is_amount(found[1]):
        return False
    said.exact |= _each("shred", found[1])
    return True


def _each(service: str, amount: str) -> dict[str, str]:
    """None included, and each one costs the amount."""
    return {
        f"{service}_limit": "0",
        f"{service}_extra_count": "1",
        f"{service}_extra_fee": amount,
    }


def _clause(
    said: Understood, clause: str, cells: Mapping[str, str], is_amount: Callable[[str], bool]
) -> bool:
    for pattern, service, column in (
        (INCOMING, "incoming_mail", "incoming_items"),
        (PAGES, "scanned_pages", "page_scans"),
    ):
        found = pattern.fullmatch(clause)
        if found:
            # A fee beyond an allowance says nothing where the allowance is not known.
            if not cells.get(column, "").isdigit() or not is_amount(found[1]):
                return False
            said.exact |= {f"{service}_extra_count": "1", f"{service}_extra_fee": found[1]}
            return True
    if TERMS.fullmatch(clause):
        return _terms(said, clause, is_amount)
    if clause == "no monthly term":
        return "monthly_rate" not in cells
    return _storage(said, clause, cells, is_amount)


def _terms(said: Understood, clause: str, is_amount: Callable[[str], bool]) -> bool:
    pairs = re.findall(rf"(\d+) months {AMOUNT}", clause)
    if not all(is_amount(amount) for _, amount in pairs):
        return False
    said.exact |= {f"rate_{months}_months": amount for months, amount in pairs}
    return True


def _storage(
    said: Understood, clause: str, cells: Mapping[str, str], is_amount: Callable[[str], bool]
) -> bool:
    found = STORAGE.fullmatch(clause)
    stored = [it for it in ("letter", "package") if f"storage_days_{it}" in cells]
    if found is None or not stored:
        return False
    if not is_amount(found[1]) or (found[3] and not is_amount(found[3])):
        return False
    for mail_type in stored:
        said.exact[f"storage_{mail_type}_fee"] = found[1]
        said.exact[f"storage_{mail_type}_per"] = found[2]
        if found[3]:
            said.exact[f"storage_{mail_type}_cap"] = found[3]
    return True
