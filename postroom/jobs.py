"""The door for the clock: the timetable. Each job is shallow and calls one act."""

import time
from datetime import date

from django.conf import settings
from django.db import OperationalError
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from postroom.base.limits import forget_visits
from postroom.base.rounds import Pace
from postroom.base.tenancy import as_operator
from postroom.domain.billing.dry_run import do_dry_run
from postroom.domain.billing.models import BillingRun
from postroom.domain.billing.running import bill_everybody, bill_operator
from postroom.domain.documents.mailing import mail_everybody, mail_operator
from postroom.domain.moving_in.taking_in import take_in
from postroom.domain.notices.delivering import deliver_everybody, deliver_operator
from postroom.domain.notices.link_mails import mail_link
from postroom.domain.notices.mails import MailPutOff, send_sample
from postroom.domain.notices.writing import Written
from postroom.domain.operators.models import Operator
from postroom.domain.plan_changes.announcing import announce_everybody
from postroom.domain.plan_changes.moving import write_everybody, write_operator
from postroom.domain.proof.acts import prove, prove_everybody
from postroom.domain.signups.cleaning import clean_everybody
from postroom.domain.signups.mails import Letter, mail_letter
from postroom.domain.signups.queries import signup_of
from postroom.domain.signups.signed_links import Holder
from postroom.domain.subscriptions.signed_links import Holder as PlanHolder
from postroom.domain.subscriptions.signed_links import subscription_of
from postroom.domain.users.models import User

#: After a lost connection or a deadlock. A killed worker's jobs are taken up in any case.
AGAIN = RetryStrategy(max_attempts=5, wait=20, retry_exceptions=[OperationalError])

#: After a mail server that takes no mail: within a minute, and less often for two days.
MAIL_AGAIN = RetryStrategy(
    max_attempts=12, exponential_wait=3, retry_exceptions=[OperationalError, MailPutOff]
)


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="bill_everybody")
def bill_what_is_due(timestamp: int) -> None:
    """Every ten minutes: bills what has fallen due where its location is, and opens its terms."""
    bill_everybody(at=timezone.now(), clock=timezone.now)


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="mail_invoices")
def mail_invoices(timestamp: int) -> None:
    """Every ten minutes: mails the invoices that are due, a page of each operator's in turn."""
    mail_everybody(pace=Pace(timezone.now, time.sleep, settings.MAILS_A_MINUTE))


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="announce_changes")
def announce_changes(timestamp: int) -> None:
    """Every five minutes: writes what customers are to be told today, once a day each change."""
    announce_everybody(clock=timezone.now)


@app.periodic(cron="*/3 * * * *")
@app.task(queueing_lock="deliver_notices")
def deliver_notices(timestamp: int) -> None:
    """Every three minutes: hands over the notices that are due, a page of each in turn."""
    deliver_everybody(pace=Pace(timezone.now, time.sleep, settings.MAILS_A_MINUTE))


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="write_moves", retry=AGAIN)
def write_moves(timestamp: int) -> None:
    """Every ten minutes: writes what is left of scheduled moves to other plans."""
    write_everybody()


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="clean_signups", retry=AGAIN)
def clean_signups(timestamp: int) -> None:
    """Every five minutes: gives numbers back that nobody signs up for any more."""
    clean_everybody(at=timezone.now())
    forget_visits(at=timezone.now())


@app.periodic(cron="10 3 * * *")
@app.task(queueing_lock="prove_everybody", retry=AGAIN)
def prove_what_is_stored(timestamp: int) -> None:
    """At ten past three: rates every invoice again, and checks sums, books and terms."""
    prove_everybody(at=timezone.now(), clock=timezone.now)


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="take_up_stalled_jobs")
async def take_up_stalled_jobs(timestamp: int) -> None:
    """Every five minutes: puts what a killed worker left half done back on the list.

    A job may so be run twice, which every one of them bears.
    """
    for job in await app.job_manager.get_stalled_jobs():
        await app.job_manager.retry_job(job)


@app.task(retry=AGAIN)
def run_billing(operator_id: int, on: str, by: int) -> None:
    """Asked for at the desk: bills what an operator has due by a day."""
    with as_operator(operator_id):
        operator = Operator.objects.get(pk=operator_id)
        person = User.objects.get(pk=by)
    bill_operator(
        operator,
        on=date.fromisoformat(on),
        by=person,
        at=timezone.now(),
        clock=timezone.now,
    )


@app.task(retry=AGAIN)
def dry_run_billing(operator_id: int, run_id: int) -> None:
    """Asked for at the desk: does the dry run that was noted there."""
    with as_operator(operator_id):
        run = BillingRun.objects.select_related("operator").get(pk=run_id)
    do_dry_run(run.operator, run, at=timezone.now())


@app.task(retry=AGAIN)
def mail_invoices_of(operator_id: int) -> None:
    """Asked for at the desk: mails what an operator has due."""
    with as_operator(operator_id):
        operator = Operator.objects.get(pk=operator_id)
    mail_operator(operator, pace=Pace(timezone.now, time.sleep, settings.MAILS_A_MINUTE))


@app.task(retry=AGAIN)
def deliver_notices_of(operator_id: int) -> None:
    """Asked for at the desk: hands over the notices that an operator has due."""
    with as_operator(operator_id):
        operator = Operator.objects.get(pk=operator_id)
    deliver_operator(operator, pace=Pace(timezone.now, time.sleep, settings.MAILS_A_MINUTE))


@app.task(retry=AGAIN)
def write_moves_of(operator_id: int) -> None:
    """Scheduled at the desk: writes the switches of an operator's moves."""
    with as_operator(operator_id):
        operator = Operator.objects.get(pk=operator_id)
    write_operator(operator)


@app.task(retry=AGAIN)
def take_customers_in(operator_id: int, moving_in_id: int) -> None:
    """Confirmed at the desk: takes in a file of customers."""
    with as_operator(operator_id):
        operator = Operator.objects.get(pk=operator_id)
    take_in(operator, moving_in_id, clock=timezone.now)


@app.task(retry=AGAIN)
def mail_sample(operator_id: int, to: str, title: str, text: str, html: str) -> None:
    """Asked for at the desk: mails somebody of the staff what a customer would be told."""
    with as_operator(operator_id):
        operator = Operator.objects.get(pk=operator_id)
        send_sample(operator, written=Written(title, text, html), to=to, at=timezone.now())


@app.task(retry=AGAIN)
def prove_books(operator_id: int, by: int) -> None:
    """Asked for at the desk: checks what an operator has stored."""
    with as_operator(operator_id):
        operator = Operator.objects.get(pk=operator_id)
        person = User.objects.get(pk=by)
    prove(operator, by=person, at=timezone.now(), clock=timezone.now)


@app.task(retry=MAIL_AGAIN)
def mail_my_plan(operator_id: int, subscription_id: int, to: str) -> None:
    """Asked for at the desk: mails a customer the link to their own plan, while it is open."""
    at = timezone.now()
    with as_operator(operator_id):
        subscription = subscription_of(PlanHolder(operator_id, subscription_id), at)
        if subscription is not None:
            mail_link(subscription, to=to, at=at)


@app.task(retry=MAIL_AGAIN)
def mail_signup(operator_id: int, signup_id: int, letter: str) -> None:
    """Asked for by who signs up, or at the desk: mails them a letter."""
    with as_operator(operator_id):
        signup = signup_of(Holder(operator_id, signup_id))
        if signup is not None:
            mail_letter(signup, Letter(letter), at=timezone.now())
