"""What staff do with a signup: approve it, ask for more, or refuse it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from postroom.base.refusals import Refused
from postroom.base.text import tidy_lines
from postroom.domain.billing.previews import ChangedSinceSeen, PreviewBill, Seen, bills_after
from postroom.domain.billing.run import Job
from postroom.domain.billing.switching import settle
from postroom.domain.customers.actions import set_standing
from postroom.domain.customers.models import Mailbox, MailboxState, Standing
from postroom.domain.events.actions import record
from postroom.domain.plans.models import Withdrawal
from postroom.domain.signups.choosing import release
from postroom.domain.signups.counting import count_recipients
from postroom.domain.signups.models import UNDECIDED, Signup, SignupState
from postroom.domain.subscriptions.actions import assign
from postroom.domain.subscriptions.models import Subscription
from postroom.domain.users.models import User

MOST_WORDS = 1000


class SignupNotWaiting(Refused):
    """This signup does not wait any more: it is {state}."""


class TermsWithdrawn(Refused):
    """What they agreed to was withdrawn since. Refuse it, and ask them to sign up again."""


class WordsToThemMissing(Refused):
    """Write what they are to be told."""

    field = "words"


class WordsToThemTooLong(Refused):
    """Write at most {most:,} characters."""

    field = "words"


@dataclass(frozen=True)
class ApprovalPreview(Seen):
    """What approving a signup would bill at once, and when the term after it begins."""

    starts_on: date
    billing_day: int
    renews_on: date
    bills: tuple[PreviewBill, ...]


@transaction.atomic
def approve(
    signup: Signup,
    *,
    starts_on: date,
    by: User,
    at: datetime,
    on: date,
    billing_day: int | None = None,
    seen: str | None = None,
) -> Signup:
    """Will make a pending customer a customer, on the version and the number they agreed to.

    What is due by ``on``, the local day, is billed at once; ``seen`` is the key of the preview
    that somebody said yes to. Raises SignupNotWaiting, TermsWithdrawn, ChangedSinceSeen, or what
    ``assign`` and ``settle`` do.
    """
    signup = _waiting(signup)
    if Withdrawal.objects.filter(version=signup.version_id).exists():
        raise TermsWithdrawn()
    assert signup.customer is not None and signup.mailbox is not None, "what waits has both"
    customer = set_standing(signup.customer, standing=Standing.ACTIVE)
    _free(signup.mailbox)
    signup.subscription = assign(
        customer,
        mailbox=signup.mailbox,
        plan=signup.plan,
        agreed=signup.version,
        months=signup.months,
        starts_on=starts_on,
        billing_day=billing_day,
        by=by,
        at=at,
    )
    _decide(signup, SignupState.APPROVED, by=by, at=at)
    count_recipients(signup.operator, at=at)
    facts = {"plan": signup.plan.name, "mailbox": signup.mailbox.number}
    record("customer.approved", customer, by=by, at=at, facts=facts)
    settle(Job(signup.operator, [], on, at), signup.subscription)
    if seen is not None and _look(signup.subscription).key != seen:
        raise ChangedSinceSeen()
    return signup


def preview_approval(
    signup: Signup, *, starts_on: date, by: User, at: datetime, on: date, billing_day: int | None
) -> ApprovalPreview:
    """Will tell what approving would bill, by doing it and taking it back. Raises the same."""
    with transaction.atomic():
        approved = approve(
            signup, starts_on=starts_on, billing_day=billing_day, by=by, at=at, on=on
        )
        assert approved.subscription is not None, "what is approved has a subscription"
        preview = _look(approved.subscription)
        transaction.set_rollback(True)
    return preview


def _look(begun: Subscription) -> ApprovalPreview:
    subscription = Subscription.objects.select_related("operator").get(pk=begun.pk)
    return ApprovalPreview(
        starts_on=subscription.starts_on,
        billing_day=subscription.billing_day,
        renews_on=subscription.next_term_on,
        bills=bills_after(subscription, 0),
    )


@transaction.atomic
def ask(signup: Signup, *, words: str, by: User, at: datetime) -> Signup:
    """Will ask somebody for more before it is decided; they answer by their link.

    Raises SignupNotWaiting, WordsToThemMissing or WordsToThemTooLong.
    """
    signup = _waiting(signup)
    signup.state, signup.asked, signup.answered = SignupState.ASKED, _checked(words), ""
    signup.save(update_fields=["state", "asked", "answered"])
    assert signup.customer is not None, "what waits has its customer"
    record("customer.asked", signup.customer, by=by, at=at, facts={"words": signup.asked})
    return signup


@transaction.atomic
def refuse_signup(signup: Signup, *, words: str, by: User, at: datetime) -> Signup:
    """Will turn somebody away, and give the number back. ``words`` is what they are told.

    Raises SignupNotWaiting, WordsToThemMissing or WordsToThemTooLong.
    """
    signup = _waiting(signup)
    signup.reason = _checked(words)
    assert signup.customer is not None, "what waits has its customer"
    set_standing(signup.customer, standing=Standing.REFUSED)
    release(signup)
    _decide(signup, SignupState.REFUSED, by=by, at=at)
    record("customer.refused", signup.customer, by=by, at=at, facts={"words": signup.reason})
    return signup


def _waiting(signup: Signup) -> Signup:
    """Will hold a signup that staff have not decided. Raises SignupNotWaiting."""
    held = Signup.objects.select_for_update(of=("self",)).get(pk=signup.pk)
    if held.state not in UNDECIDED:
        raise SignupNotWaiting(state=held.get_state_display().lower())
    return held


def _free(mailbox: Mailbox) -> None:
    """Will let the number that was on hold for somebody be assigned to them."""
    Mailbox.objects.filter(pk=mailbox.pk, state=MailboxState.PENDING).update(
        state=MailboxState.RESERVED
    )


def _decide(signup: Signup, state: SignupState, *, by: User, at: datetime) -> None:
    signup.state, signup.decided_by, signup.decided_at = state, by, at
    signup.save()


def _checked(words: str) -> str:
    written = tidy_lines(words)
    if not written:
        raise WordsToThemMissing()
    if len(written) > MOST_WORDS:
        raise WordsToThemTooLong(most=f"{MOST_WORDS:,}")
    return written
