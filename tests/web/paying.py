"""A house billed up to 15 June, and what its desk does with what customers pay.

Ana and Bo have six invoices of 9.99 each, Cy one of 109.99 for the year.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from postroom.demo.cast import House
from postroom.domain.billing.models import Invoice, Method, OpenItem, Payment
from postroom.domain.billing.payments import record_payment
from postroom.domain.billing.run import bill_due
from tests.conftest import AT, ON
from tests.web.desk_pages import Desk

#: A day on which everything that tests record lies in the past.
RECEIVED = date(2026, 6, 12)


def billed(house: House) -> House:
    bill_due(house.operator, on=ON, at=AT)
    return house


def words(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).replace("&amp;", "&")


def of(house: House, who: str = "ana") -> list[Invoice]:
    return list(Invoice.objects.filter(customer=house.customers[who]).order_by("number"))


def left(house: House, who: str = "ana") -> list[int]:
    """Will return what is left of a customer's invoices, the oldest first."""
    items = OpenItem.objects.filter(customer=house.customers[who], invoice__isnull=False)
    return list(items.order_by("invoice__number").values_list("left_minor", flat=True))


def typed(**changes: Any) -> dict[str, Any]:
    """Will return what somebody types to record a check of ten dollars."""
    usual = {
        "method": "check",
        "amount": "10.00",
        "received_on": RECEIVED.isoformat(),
        "reference": "1044",
        "which": "oldest",
        "form_key": uuid4(),
    }
    return {key: it for key, it in (usual | changes).items() if it is not None}


def parts(amounts: Mapping[Invoice, str]) -> dict[str, str]:
    """Will return what is typed at invoices."""
    return {f"invoice_{it.pk}": amount for it, amount in amounts.items()}


def record(desk: Desk, who: str = "ana", **changes: Any) -> Any:
    return desk.post("payment_new", desk.house.customers[who].pk, **typed(**changes))


def paid(house: House, minor: int, who: str = "ana", **facts: Any) -> Payment:
    """Will record a check without the desk."""
    own = {"method": Method.CHECK, "received_on": RECEIVED, "form": uuid4()} | facts
    customer = house.customers[who]
    return record_payment(customer, amount_minor=minor, by=house.owner, at=AT, on=ON, **own)
