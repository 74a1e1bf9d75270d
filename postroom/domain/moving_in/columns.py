"""The columns of a file of customers: their names, what else they are called, what they mean."""

import csv
import io

from babel.numbers import get_decimal_symbol

from postroom.base import money
from postroom.base.sheets import Unreadable

#: Each column and what goes into it, in the order of the example and of what is exported.
COLUMNS = {
    "external_id": "What this customer is called where they come from. Their rows are known by it"
    " again, so that the same file can be brought twice. Every row needs one.",
    "kind": "“person” or “company”; without it, a person.",
    "name": "The customer's name. A new customer needs one.",
    "email": "Where notices and invoices go.",
    "phone": "As they wrote it.",
    "street": "Their own address, not that of the mailbox.",
    "city": "",
    "state": "",
    "postal_code": "",
    "country": "Two letters, such as US; without it, US.",
    "notes": "For your staff.",
    "recipients": "Who else gets mail at their address, separated by “|”.",
    "location": "The name of one of your locations, or how it stands in its address.",
    "mailbox": "The number of the mailbox. A number that is not there yet is made. A row without"
    " one is a customer without a mailbox.",
    "plan": "The name of one of your plans.",
    "cycle": "“monthly”, “annual” or a number of months, such as “6 months”.",
    "price": "What they pay for one cycle now. They keep it: nobody's price changes by moving in.",
    "starts_on": "Their first day in this mailbox. Without it, the first day of what is paid.",
    "billing_day": "The day of the month on which a cycle begins, 1 to 31. Without it, the day"
    " after what is paid.",
    "paid_through": "The last day that they have paid for. The first bill from here is dated the"
    " day after.",
}

ALIASES = {
    "id": "external_id",
    "customer_id": "external_id",
    "customer_number": "external_id",
    "account": "external_id",
    "account_number": "external_id",
    "customer": "name",
    "customer_name": "name",
    "full_name": "name",
    "type": "kind",
    "e_mail": "email",
    "email_address": "email",
    "telephone": "phone",
    "phone_number": "phone",
    "address": "street",
    "street_address": "street",
    "zip": "postal_code",
    "zip_code": "postal_code",
    "postcode": "postal_code",
    "note": "notes",
    "authorized_recipients": "recipients",
    "site": "location",
    "store": "location",
    "mailbox_number": "mailbox",
    "box": "mailbox",
    "pmb": "mailbox",
    "number": "mailbox",
    "plan_name": "plan",
    "service_plan": "plan",
    "billing_cycle": "cycle",
    "term": "cycle",
    "rate": "price",
    "price_paid": "price",
    "price_paid_now": "price",
    "start": "starts_on",
    "start_date": "starts_on",
    "since": "starts_on",
    "starts": "starts_on",
    "bill_day": "billing_day",
    "paid_thru": "paid_through",
    "paid_through_date": "paid_through",
    "last_day_paid": "paid_through",
}

#: Without these a row has no mailbox to speak of.
OF_THE_MAILBOX = ["plan", "cycle", "price", "paid_through"]

MOST_ROWS = 20_000


class NoExternalId(Unreadable):
    """There is no column named “external_id” in the first row. The example shows the columns."""


def named(names: list[str]) -> list[str]:
    """Will call the columns of a file what they are called here. Raises NoExternalId."""
    names = [ALIASES.get(name, name) if name not in COLUMNS else name for name in names]
    if "external_id" not in names:
        raise NoExternalId()
    return names


def example(currency: str, locale: str) -> str:
    """Will return a file as CSV with every column and one customer."""
    cents = 949 * 10 ** money.precision(currency) // 100
    row = {
        "external_id": "C-1001",
        "kind": "person",
        "name": "Ada Example",
        "email": "ada@customers.example",
        "phone": "212 555 0199",
        "street": "12 Example St",
        "city": "Brooklyn",
        "state": "NY",
        "postal_code": "11201",
        "country": "US",
        "notes": "",
        "recipients": "Bob Example|Example Trading LLC",
        "location": "Brooklyn - Henry St",
        "mailbox": "301",
        "plan": "Bronze",
        "cycle": "monthly",
        "price": money.plain(cents, currency, locale),
        "starts_on": "2024-03-15",
        "billing_day": "15",
        "paid_through": "2026-12-14",
    }
    out = io.StringIO(newline="")
    delimiter = ";" if get_decimal_symbol(locale) == "," else ","
    writer = csv.DictWriter(out, list(COLUMNS), delimiter=delimiter)
    writer.writeheader()
    writer.writerow(row)
    return out.getvalue()
