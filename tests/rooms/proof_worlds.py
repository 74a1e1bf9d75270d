"""A shop whose books are proved, and faults planted in them past every rule of the database."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from django.db import connection

from postroom.domain.billing.models import Invoice, Method
from postroom.domain.billing.payments import record_payment
from postroom.domain.operators.models import Operator
from postroom.domain.proof.acts import prove
from postroom.domain.proof.models import Difference, Proof
from postroom.domain.subscriptions.models import Subscription
from tests.rooms.billing_worlds import GOLD, Shop, day
from tests.tables import ask

#: After everything that is entered, by more than it takes to bill.
LATER = "24-04-05"


def keep_books(shop: Shop) -> dict[str, Subscription]:
    """Will bill a handful of people until April, each of whom does something else.

    Ana is over in January, charged by hand and pays; she is not taxed, the others are. Bo paid
    elsewhere, Cy switches, Di leaves, Eve's plan costs nothing, and Flo was told of worse terms.
    """
    gold = shop.plan(replace(GOLD, setup_fee_minor=500, deposit_minor=2000))
    silver = shop.plan(replace(GOLD, rates={1: 2000}), name="Silver")
    shop.tax("10", place=1)
    who = {
        "ana": shop.join(gold, "24-01-01", who="Ana"),
        "bo": shop.join(gold, "24-01-15", who="Bo", place=1, paid_until="24-03-15"),
        "cy": shop.join(gold, "24-01-01", who="Cy", place=1),
        "di": shop.join(gold, "24-01-01", who="Di", place=1),
        "eve": shop.join(_free(shop, "Free"), "24-01-01", who="Eve", place=1),
        "flo": shop.join(silver, "24-01-01", who="Flo", place=1),
    }
    shop.use(who["ana"], 5, "24-01-10")
    shop.charge(who["ana"], 700, "24-01-12", taxable=False)
    shop.run("24-02-01")
    shop.switch(who["cy"], silver, "24-02-11")
    shop.switch(who["eve"], _free(shop, "Free too"), "24-02-11")
    shop.close(who["di"], "24-02-20")
    worse = shop.publish(silver, replace(GOLD, rates={1: 2500}), on="24-03-01", at="24-02-02")
    shop.tell(who["flo"], worse, "24-02-12")
    shop.run("24-04-01")
    _pay(shop, 1000)
    return who


def _free(shop: Shop, name: str) -> Any:
    return shop.plan(replace(GOLD, rates={1: 0}), name=name)


def _pay(shop: Shop, minor: int) -> None:
    facts = {"method": Method.CASH, "received_on": day("24-04-02"), "form": uuid4()}
    own = {"by": shop.by, "at": shop.at("24-04-02"), "on": day("24-04-02")}
    record_payment(shop.who("Ana"), amount_minor=minor, **facts, **own)


def plant(*changes: str) -> None:
    """Will write past triggers and the rules that terms tile and numbers have no gap."""
    ask("SET CONSTRAINTS ALL IMMEDIATE")
    ask(f"SET LOCAL ROLE {connection.settings_dict['USER']}")
    for table in BOOKS:
        ask(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for table, rule in RULES:
        ask(f"ALTER TABLE {table} DROP CONSTRAINT {rule}")
    ask("SET LOCAL ROLE postroom_app")
    for change in changes:
        with connection.cursor() as cursor:
            cursor.execute(change)
            assert cursor.rowcount, f"nothing was planted by {change}"


BOOKS = (
    "billing_invoice",
    "billing_invoiceline",
    "billing_posting",
    "billing_payment",
    "billing_openitem",
    "subscriptions_term",
    "subscriptions_clearance",
    "subscriptions_clearancevoid",
    "usage_usageentry",
)
RULES = (
    ("subscriptions_term", "terms_of_a_subscription_tile"),
    ("billing_invoice", "invoice_numbers_have_no_gap"),
)


def moved(invoice: Invoice, minor: int, *, account: str = "revenue") -> list[str]:
    """Will have a document, its open item and its postings say so much more, as if it were so."""
    what = "tax_minor" if account == "tax" else "subtotal_minor"
    of_it = f"WHERE invoice_id = {invoice.pk}"
    return [
        f"UPDATE billing_invoice SET {what} = {what} + {minor}, total_minor = total_minor + {minor}"
        f" WHERE id = {invoice.pk}",
        f"UPDATE billing_openitem SET amount_minor = amount_minor + {minor},"
        f" left_minor = left_minor + {minor} {of_it}",
        f"UPDATE billing_posting SET amount_minor = amount_minor + {minor} {of_it}"
        " AND account = 'receivable'",
        f"UPDATE billing_posting SET amount_minor = amount_minor - {minor} {of_it}"
        f" AND account = '{account}'",
    ]


def proved(operator: Operator, at: Any, *, page: int = 5_000) -> tuple[Proof, list[Difference]]:
    """Will prove an operator's books and return what differs."""
    proof = prove(operator, at=at, page=page)
    return proof, list(Difference.objects.filter(proof=proof))
