"""Numbers: invoices and credit notes are numbered from 1 without a gap."""

from postroom.base.sql import rows
from postroom.domain.proof.faults import SQL, Fault, Looked, Page
from postroom.domain.proof.models import Kind


def look(page: Page) -> Looked:
    """Will look at the next numbers; after the last one, at what the series says."""
    [found] = rows(SQL / "numbers.sql", page.facts)
    looked = Looked(found["last"], found["count"])
    for first, last in found["gaps"] or ():
        missing = f"{first} is" if first == last else f"{first} to {last} are"
        said = f"Number {missing} missing." if first == last else f"Numbers {missing} missing."
        looked.faults.append(Fault(Kind.NUMBER, said, "nothing", "a document"))
    if found["last"] is None and found["series"] != page.after:
        said = "The next invoice would not follow the last one."
        next_one, follows = found["series"] + 1, page.after + 1
        fault = Fault(Kind.NUMBER, said, f"next number {next_one}", f"next number {follows}")
        looked.faults.append(fault)
    return looked
