"""Whether an operator's invoices are mailed to customers by themselves."""

from datetime import datetime

from django.db import transaction

from postroom.domain.events.actions import record
from postroom.domain.operators.models import Operator
from postroom.domain.users.models import User


@transaction.atomic
def mail_invoices_from_now_on(
    operator: Operator, *, wanted: bool, by: User | None, at: datetime
) -> bool:
    """Will have every invoice issued from now on mailed, or none any more.

    Returns whether that is another thing than before.
    """
    operator = Operator.objects.select_for_update(no_key=True).get(pk=operator.pk)
    if wanted == (operator.mails_invoices_since is not None):
        return False
    operator.mails_invoices_since = at if wanted else None
    operator.save(update_fields=["mails_invoices_since"])
    act = "operator.invoice_mail_switched_on" if wanted else "operator.invoice_mail_switched_off"
    record(act, operator, by=by, at=at)
    return True
