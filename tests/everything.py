"""A house with a row in every table of an operator, for tests that loop over all tables."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from postroom.base.postman import Answer, Outcome
from postroom.demo.cast import BRONZE, House
from postroom.domain.billing.charges import enter_charge
from postroom.domain.billing.models import (
    Account,
    Allocation,
    BillingRun,
    Invoice,
    InvoiceLine,
    LineKind,
    Method,
    NumberSeries,
    OpenItem,
    Payment,
    Posting,
    SetAside,
)
from postroom.domain.customers.models import (
    Customer,
    Mailbox,
    MailboxState,
    Recipient,
    Standing,
)
from postroom.domain.documents.mailing import note_answer
from postroom.domain.documents.models import Outbox
from postroom.domain.documents.noting import mail_by_hand
from postroom.domain.moving_in.keeping import keep_file
from postroom.domain.operators.letterheads import Heading, change_letterhead
from postroom.domain.operators.photos import add_photo
from postroom.domain.plan_changes.importing.apply import keep_import
from postroom.domain.plans.actions import Words, create_plan, keep_draft, publish_version
from postroom.domain.plans.models import PlanLocation, PlanVersion, Withdrawal
from postroom.domain.plans.services import Service
from postroom.domain.proof.models import Check, Difference, Kind, Proof
from postroom.domain.signups.models import Consent, Signup, SignupState, Source
from postroom.domain.subscriptions.actions import clear_by_hand, void_clearance
from postroom.domain.subscriptions.models import (
    Lead,
    Means,
    Pin,
    PriceLock,
    Switch,
    SwitchTiming,
    Term,
)
from postroom.domain.usage.actions import correct, enter
from tests.changes import fill_changes
from tests.pictures import SHAPES, png


def fill(house: House, *, at: datetime, on: date) -> House:
    """Will add what the cast leaves out. Works in the house's scope."""
    versions = _fill_plans(house, at=at, on=on)
    _fill_subscriptions(house, versions[0], at=at, on=on)
    fill_changes(house, versions[0], at=at, on=on)
    _fill_billing(house, at=at, on=on)
    _fill_documents(house, at=at)
    _fill_proof(house, at=at, on=on)
    add_photo(house.locations[0], content=png(), alt="The counter", by=house.owner, at=at)
    Lead.objects.create(
        operator=house.operator,
        plan=house.bronze,
        version=versions[0],
        location=house.locations[0],
        source="signup",
        name="Lee",
        email="lee@visitors.example",
        sent_by_form=uuid4(),
        at=at,
        handled_at=at,
        handled_by=house.owner,
    )
    _fill_signup(house, versions[0], at=at)
    table = b"name,monthly_rate\nGold,19.99\n"
    keep_import(house.operator, file_name="plans.csv", content=table, by=house.owner, at=at)
    customers = b"external_id,name\nC-1,Ada\n"
    keep_file(house.operator, file_name="c.csv", content=customers, by=house.owner, at=at, on=on)
    return house


def _fill_signup(house: House, version: PlanVersion, *, at: datetime) -> None:
    """Will have somebody sign up, with whom staff have to decide."""
    own = {"operator": house.operator}
    customer = Customer.objects.create(
        **own, name="Sal", email="sal@visitors.example", standing=Standing.PENDING, added_at=at
    )
    Recipient.objects.create(**own, customer=customer, name="Una", added_at=at)
    mailbox = Mailbox.objects.filter(state=MailboxState.AVAILABLE).latest("pk")
    mailbox.state = MailboxState.PENDING
    mailbox.save(update_fields=["state"])
    agreed = {"version": version, "months": 1, "email": customer.email, "agreed_at": at}
    signup = Signup.objects.create(
        **own,
        **agreed,
        source=Source.SIGNUP,
        state=SignupState.WAITING,
        location=mailbox.location,
        plan=house.bronze,
        mailbox=mailbox,
        name=customer.name,
        recipients=["Una"],
        agreed_words="Bronze",
        email_confirmed_at=at,
        customer=customer,
        started_by_form=uuid4(),
        started_at=at,
        seen_at=at,
    )
    Consent.objects.create(**own, **agreed, customer=customer, signup=signup, words="Bronze")


def _fill_plans(house: House, *, at: datetime, on: date) -> list[PlanVersion]:
    """Will publish two versions of Bronze, withdraw one, and add Silver, which Bronze followed."""
    own, by, bronze = {"operator": house.operator}, house.owner, house.bronze
    versions = [
        publish_version(bronze, terms=BRONZE, sold_from=on, existing_from=None, by=by, at=at)
        for _ in range(2)
    ]
    Withdrawal.objects.create(**own, version=versions[1], reason="A slip", by=by, at=at)
    keep_draft(bronze, terms=BRONZE, changed_from=2, reason="", by=by, at=at)
    PlanLocation.objects.create(**own, plan=bronze, location=house.locations[0])
    silver = create_plan(
        house.operator,
        words=Words(name="Silver"),
        terms=BRONZE,
        by=by,
        at=at,
        on=on,
        copied_from=bronze,
        form=uuid4(),
    )
    silver.succeeded_by, silver.succeeded_on = bronze, on
    silver.save(update_fields=["succeeded_by", "succeeded_on"])
    return versions


def _fill_subscriptions(house: House, version: PlanVersion, *, at: datetime, on: date) -> None:
    """Will tell Ana, by a slip, and Bo of a version, and lock and pin Cy's terms."""
    told = [
        clear_by_hand(
            house.subscriptions[who],
            version=version,
            told_on=on,
            means=Means.PHONE,
            told_by="Olga",
            reason="Called",
            by=house.owner,
            at=at,
            on=on,
        )
        for who in ("ana", "bo")
    ]
    void_clearance(told[0], reason="Wrong number", by=house.owner, at=at)
    protected = {
        "operator": house.operator,
        "subscription": house.subscriptions["cy"],
        "reason": "Promised",
        "by": house.owner,
        "at": at,
    }
    PriceLock.objects.create(**protected, until=on)
    Pin.objects.create(**protected)
    who = {"form": uuid4(), "by": house.owner, "at": at}
    scanned = enter(
        house.subscriptions["ana"], service=Service.OPEN_AND_SCAN, quantity=3, on=on, **who
    )
    correct(scanned, counts=2, reason="Typed twice", **who | {"form": uuid4()})


def _fill_billing(house: House, *, at: datetime, on: date) -> None:
    """Will set Ana aside, and bill her: a credit note, an invoice that it pays, one it does not."""
    own, ana, by = {"operator": house.operator}, house.subscriptions["ana"], house.owner
    run = BillingRun.objects.create(**own, on=on, started_by=by, started_at=at, moved_at=at)
    SetAside.objects.create(**own, run=run, subscription=ana, reason="A slip", at=at)
    switch = Switch.objects.create(
        **own,
        subscription=ana,
        plan=house.bronze,
        months=12,
        timing=SwitchTiming.NEXT_TERM,
        on=on,
        by=by,
        at=at,
    )
    facts = {"text": "A key", "amount_minor": 700, "taxable": False, "form": uuid4()}
    charge = enter_charge(ana, **facts, by=by, at=at, on=on)
    NumberSeries.objects.create(**own, last_number=3)
    billed = {"run": run, "issued_at": at}
    term = {"term": Term.objects.get(subscription=ana, seq=1), "version": ana.version}
    note = _issue(house, 1, LineKind.CREDIT, -500, on=on, **billed, line=term)
    invoice = _issue(house, 2, LineKind.RATE, 999, on=on, **billed, credited_minor=300, line=term)
    _issue(house, 3, LineKind.CHARGE, 700, on=on, switch=switch, **billed, line={"charge": charge})
    _keep_books(house, note, invoice, at=at, on=on)


def _fill_documents(house: House, *, at: datetime) -> None:
    """Will give the house a letterhead, and mail Ana an invoice that is put off."""
    heading, own = Heading(name="Harbor Mail"), {"operator": house.operator}
    change_letterhead(
        house.operator, heading=heading, logo=SHAPES, form=uuid4(), by=house.owner, at=at
    )
    Outbox.objects.create(**own, number=1, since_at=at)
    address = house.customers["ana"].email
    mail = mail_by_hand(
        Invoice.objects.get(number=2), address=address, seen=0, by=house.owner, at=at
    )
    note_answer(mail, Answer(Outcome.PUT_OFF, 451, "Later"), address=address, at=at)


def _fill_proof(house: House, *, at: datetime, on: date) -> None:
    """Will have the timetable's proof find that Ana's invoice is wrong."""
    days = {"on": on, "started_at": at, "moved_at": at, "finished_at": at}
    proof = Proof.objects.create(operator=house.operator, **days, invoices=3, differences=1)
    invoice = Invoice.objects.get(number=2)
    Difference.objects.create(
        operator=house.operator,
        proof=proof,
        check_name=Check.TOTALS,
        kind=Kind.TOTAL,
        invoice=invoice,
        subscription_id=invoice.subscription_id,
        sentence="Number 2 says something else than its lines and credits sum to.",
        stored="total $9.99",
        right="total $9.98",
    )


def _issue(
    house: House,
    number: int,
    kind: LineKind,
    amount_minor: int,
    *,
    on: date,
    line: dict[str, Any],
    **facts: Any,
) -> Invoice:
    """Will issue Ana an invoice of one line, on a billing date of its own."""
    ana, day = house.subscriptions["ana"], on + timedelta(days=number)
    invoice = Invoice.objects.create(
        operator=house.operator,
        number=number,
        subscription=ana,
        customer=ana.customer,
        billed_on=day,
        currency="USD",
        customer_name=ana.customer.name,
        subtotal_minor=amount_minor,
        tax_minor=0,
        total_minor=amount_minor,
        **facts,
    )
    days = {"starts_on": on, "ends_on": day, "amount_minor": amount_minor}
    InvoiceLine.objects.create(operator=house.operator, invoice=invoice, kind=kind, **days, **line)
    return invoice


def _keep_books(house: House, note: Invoice, invoice: Invoice, *, at: datetime, on: date) -> None:
    """Will have the credit note and a payment pay of the invoice, and open and post what is new."""
    own, ana = {"operator": house.operator}, house.subscriptions["ana"].customer
    paid = Payment.objects.create(
        **own,
        customer=ana,
        method=Method.CHECK,
        amount_minor=400,
        on=on,
        entered_by_form=uuid4(),
        entered_by=house.owner,
        entered_at=at,
    )
    for document, minor in [({"invoice": note}, -500), ({"invoice": invoice}, 999)]:
        _open(house, document, minor, on=on)
    _open(house, {"payment": paid}, -400, on=on)
    put = {"invoice": invoice, "on": on, "at": at}
    Allocation.objects.create(**own, credit_note=note, amount_minor=300, at_issue=True, **put)
    Allocation.objects.create(**own, payment=paid, amount_minor=400, **put)
    Posting.objects.bulk_create(
        [
            Posting(**own, payment=paid, account=account, on=on, amount_minor=minor)
            for account, minor in [(Account.CHECK, 400), (Account.RECEIVABLE, -400)]
        ]
    )


def _open(house: House, document: dict[str, Any], minor: int, *, on: date) -> None:
    OpenItem.objects.create(
        operator=house.operator,
        customer=house.subscriptions["ana"].customer,
        **document,
        on=on,
        amount_minor=minor,
        left_minor=minor,
    )
