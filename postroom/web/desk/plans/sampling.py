"""Sending somebody of the staff what a customer would be told."""

from django.contrib import messages

from postroom.domain.notices.writing import Written
from postroom.web.desk.access import DeskRequest
from postroom.web.worker import ask_worker


def mail_sample_to(request: DeskRequest, written: Written | None) -> None:
    """Will have a sample mailed to the person who asks, and say so."""
    if written is None:
        messages.info(request, "It reaches nobody, so there is nothing to show.")
        return
    to = request.user.email
    ask_worker(
        "mail_sample",
        operator_id=request.operator.pk,
        to=to,
        title=written.title,
        text=written.text,
        html=written.html,
    )
    messages.success(request, f"A sample is on its way to {to}.")
