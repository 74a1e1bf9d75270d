"""The articles on billing, walked as they are written."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from postroom import jobs
from postroom.base.periods import billing_date
from postroom.base.postman import Answer, Outcome
from postroom.base.tenancy import as_operator
from postroom.demo.cast import House
from postroom.domain.billing.charges import enter_charge
from postroom.domain.billing.models import BillingRun, Invoice, LineKind, Method, RunState
from postroom.domain.billing.payments import record_payment
from postroom.domain.billing.running import bill_operator
from postroom.domain.customers.models import Customer
from postroom.domain.documents.mailing import note_answer
from postroom.domain.documents.models import InvoiceMail
from postroom.domain.documents.noting import note_invoices
from postroom.domain.operators.letterheads import Heading, change_letterhead
from postroom.domain.plans.services import Service
from postroom.domain.proof.acts import prove
from postroom.domain.proof.models import Check, Difference, Kind, Proof
from postroom.domain.usage.actions import enter
from postroom.ui.templatetags.ui import day
from tests.asked import do_last
from tests.pictures import SHAPES
from tests.stories.steps import today_of
from tests.stories.walks.walking import Walk

pytestmark = pytest.mark.browser
DAY = timedelta(days=1)
#: Fits a charge and no sum.
TOO_MUCH = 9_223_372_036_854_775_807


def now() -> datetime:
    return datetime.now(UTC)


def billed(house: House) -> None:
    """Will bill everybody up to today: Ana and Bo by the month, Ana with extras."""
    own = {"by": house.owner, "at": now()}
    with as_operator(house.operator.pk):
        for months, scans in ((-1, 9), (-2, 12)):
            on = billing_date(today_of(house), months, 15)
            scanned = {"service": Service.OPEN_AND_SCAN, "quantity": scans, "on": on}
            enter(house.subscriptions["ana"], **scanned, form=uuid4(), **own)
    bill_operator(house.operator, at=now())


def charged(house: House, who: str, text: str, minor: int, *, ago: timedelta = 0 * DAY) -> None:
    """Will charge somebody by hand, so long ago."""
    with as_operator(house.operator.pk):
        own = {"by": house.owner, "at": now(), "on": today_of(house) - ago, "form": uuid4()}
        facts = {"text": text, "amount_minor": minor, "taxable": False}
        enter_charge(house.subscriptions[who], **facts, **own)


def paid(house: House, minor: int, reference: str, who: str = "ana") -> None:
    """Will record a check that pays the oldest invoices first."""
    on = today_of(house)
    own = {"by": house.owner, "at": now(), "on": on, "received_on": on, "form": uuid4()}
    facts = {"method": Method.CHECK, "amount_minor": minor, "reference": reference}
    with as_operator(house.operator.pk):
        record_payment(house.customers[who], **facts, **own)


def opens_billing(walk: Walk, tab: str = "") -> None:
    """From the Dashboard to Customers, there to Billing, and perhaps to a tab."""
    walk.opens("dashboard")
    walk.clicks("Customers")
    walk.clicks("Billing")
    if tab:
        walk.clicks(tab)


def of_today(walk: Walk) -> str:
    """Will return today as the desk writes it."""
    return day(today_of(walk.house), walk.house.operator)


def test_trying_and_billing(walk: Walk) -> None:
    charged(walk.house, "ana", "Notary, nine signatures", 4500)
    with walk.article("try-a-billing-run"):
        opens_billing(walk)
        ahead = today_of(walk.house) + 31 * DAY
        walk.fills("Up to and including", ahead.isoformat())
        walk.clicks("Dry run")
        walk.reads("It waits for a worker.")
        do_last(walk.house, jobs.dry_run_billing)
        walk.reads("It would come to")
        walk.reads("Worth a look")
        walk.reads("Finished")
        walk.picture("try-a-billing-run-done")
        opens_billing(walk)
        walk.opens("billing_run", run_id=_dry_run(walk.house))
        walk.clicks("Bill now")
    with walk.article("run-your-billing"):
        opens_billing(walk)
        walk.clicks("Bill now")
        walk.picture("run-your-billing-now", mark="Bill now")
        walk.clicks("Bill now")
        walk.reads("waits for a worker.")
        do_last(walk.house, jobs.run_billing)
        walk.reads("Nothing is due today")


def _dry_run(house: House) -> int:
    with as_operator(house.operator.pk):
        return BillingRun.objects.get(dry=True).pk


def test_following_a_run(walk: Walk) -> None:
    charged(walk.house, "bo", "A slip of the keyboard", TOO_MUCH, ago=40 * DAY)
    charged(walk.house, "ana", "Notary, nine signatures", 4500, ago=40 * DAY)
    bill_operator(walk.house.operator, at=now())
    with walk.article("follow-a-billing-run"):
        opens_billing(walk)
        walk.clicks(of_today(walk))
        walk.reads("larger than an invoice can hold")
        walk.picture("follow-a-billing-run-aside", mark="Bo Berg Imports LLC")
        run = _running(walk.house)
        walk.opens("billing_run", run_id=run)
        walk.clicks("Stop")
        walk.reads("It stops after the page that it is at.")
        with as_operator(walk.house.operator.pk):
            BillingRun.objects.filter(pk=run).update(state=RunState.STOPPED)
        walk.reads("the rest is still due")
        walk.clicks("Resume")
        walk.reads("Going on is asked for.")


def _running(house: House) -> int:
    """Will leave the row of a run of yesterday that goes on."""
    facts = {"on": today_of(house) - DAY, "due": 4, "billed": 1, "started_by": house.owner}
    with as_operator(house.operator.pk):
        run = BillingRun.objects.create(
            operator=house.operator, started_at=now(), moved_at=now(), **facts
        )
    return int(run.pk)


def test_invoices(walk: Walk) -> None:
    billed(walk.house)
    paid(walk.house, 999, "1044")
    with walk.article("read-an-invoice"):
        opens_billing(walk, "Invoices")
        walk.fills("Search", "alvarez")
        walk.chooses("State", "Open")
        walk.reads("5 invoices")
        walk.clicks(str(_last_of_ana(walk.house)))
        walk.picture("read-an-invoice-lines", of="main")
    with walk.article("adjust-an-invoice"):
        opens_billing(walk, "Invoices")
        walk.clicks("1")
        walk.clicks("Adjust")
        walk.checks("Credit: the customer was billed too much")
        walk.fills("Amount before tax", "2.50")
        walk.fills("Why", "The scanner was down")
        walk.clicks("Continue")
        walk.picture("adjust-an-invoice-confirm", mark="Issue")
        walk.clicks("Issue")
        walk.reads("Adjusts invoice 1")


def _last_of_ana(house: House) -> int:
    """Will return the number of the invoice with the latest extras."""
    with as_operator(house.operator.pk):
        found = Invoice.objects.filter(lines__kind=LineKind.EXTRA, lines__amount_minor__gt=0)
        return int(found.latest("number").number)


def test_letterhead(walk: Walk) -> None:
    with walk.article("set-up-your-letterhead"):
        walk.opens("dashboard")
        walk.clicks("Settings")
        walk.clicks("Letterhead")
        walk.fills("Address", "495 Henry St\nBrooklyn, NY 11231")
        walk.fills("Phone", "+1 718 555 0100")
        walk.fills("Web address", "harbormail.example")
        walk.fills("E-mail", "billing@harbormail.example")
        walk.fills("How to pay", "By check to Harbor Mail")
        walk.picture("set-up-your-letterhead-form")
        walk.clicks("Save")
        walk.reads("Saved.")
        _with_logo(walk.house)
        walk.opens("letterhead")


def test_mails(walk: Walk) -> None:
    with walk.article("mail-invoices"):
        walk.opens("dashboard")
        walk.clicks("Settings")
        walk.clicks("Letterhead")
        walk.clicks("Switch on")
        _some_mails(walk.house)
        walk.opens("invoice", number=2)
        walk.clicks("Mail it")
        walk.clicks("Mail it")
        walk.reads("in a moment")
        _noted(walk.house)
        walk.opens("invoice", number=1)
        opens_billing(walk, "Mails")
        walk.clicks("Refused")
        walk.picture("mail-invoices-refused", of="main")
        walk.clicks("No address")
        walk.reads("Cy Castellanos")


def _with_logo(house: House) -> None:
    own = {"form": uuid4(), "by": house.owner, "at": now()}
    with as_operator(house.operator.pk):
        change_letterhead(house.operator, heading=Heading("Harbor Mail"), logo=SHAPES, **own)


def _some_mails(house: House) -> None:
    """Will bill everybody, with no address of Cy's."""
    with as_operator(house.operator.pk):
        Customer.objects.filter(pk=house.customers["cy"].pk).update(email="")
    bill_operator(house.operator, at=now())


def _noted(house: House) -> None:
    """Will have the invoices mailed: the mail server takes Ana's, and refuses two of Bo's."""
    with as_operator(house.operator.pk):
        house.operator.refresh_from_db()
        note_invoices(house.operator, at=now())
    _answered(house, "ana", Answer(Outcome.ACCEPTED, 250, "Taken"), most=9)
    _answered(house, "bo", Answer(Outcome.REFUSED, 550, "No such user"), most=2)


def _answered(house: House, who: str, answer: Answer, *, most: int) -> None:
    customer = house.customers[who]
    with as_operator(house.operator.pk):
        mails = InvoiceMail.objects.filter(invoice__customer=customer).order_by("-pk")
        for mail in mails[:most]:
            note_answer(mail, answer, address=customer.email, at=now())


def test_proof(walk: Walk) -> None:
    billed(walk.house)
    _agreed(walk.house)
    prove(walk.house.operator, at=now())
    with walk.article("prove-your-billing"):
        opens_billing(walk, "Proof")
        walk.reads("Everything agrees")
        walk.picture("prove-your-billing-agrees")
        walk.clicks("Check now")
        walk.reads("Checking waits for a worker.")
        walk.opens("proof_of_a_night", proof_id=_differed(walk.house))
        walk.reads("1 thing differs")


def _agreed(house: House) -> None:
    """Will leave the proofs of two weeks."""
    with as_operator(house.operator.pk):
        for ago in range(14, 0, -1):
            at = now() - ago * DAY
            days = {"on": today_of(house) - ago * DAY, "started_at": at, "moved_at": at}
            Proof.objects.create(operator=house.operator, **days, finished_at=at, invoices=3)


def _differed(house: House) -> int:
    """Will leave a proof that found something."""
    at = now() - DAY
    days = {"on": today_of(house) - DAY, "started_at": at, "moved_at": at, "finished_at": at}
    with as_operator(house.operator.pk):
        proof = Proof.objects.create(operator=house.operator, **days, invoices=3, differences=1)
        Difference.objects.create(
            operator=house.operator,
            proof=proof,
            check_name=Check.TOTALS,
            kind=Kind.TOTAL,
            sentence="Number 2 says something else than its lines and credits sum to.",
            stored="total $9.99",
            right="total $9.98",
        )
    return int(proof.pk)
