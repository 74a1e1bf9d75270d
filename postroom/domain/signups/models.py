from django.contrib.postgres.fields import ArrayField
from django.db import models

from postroom.base.tenancy.keys import Reference
from postroom.domain.customers.models import Customer, Kind, Mailbox
from postroom.domain.operators.models import Location, TenantModel
from postroom.domain.plans.models import Plan, PlanVersion
from postroom.domain.plans.services import Channel
from postroom.domain.subscriptions.models import Subscription

Q = models.Q


class SignupState(models.TextChoices):
    """How far somebody has come who signs up."""

    STARTED = "started", "Being filled in"
    TO_VERIFY = "to_verify", "E-mail not confirmed yet"
    WAITING = "waiting", "Waits for you"
    ASKED = "asked", "Asked for more"
    APPROVED = "approved", "Approved"
    REFUSED = "refused", "Refused"


#: As long as somebody fills it in, it may be thrown away.
IN_HAND = [SignupState.STARTED, SignupState.TO_VERIFY]
#: Staff have it, and have not decided.
UNDECIDED = [SignupState.WAITING, SignupState.ASKED]
#: Somebody has a number on hold.
HOLDING = [*IN_HAND, *UNDECIDED]


class Source(models.TextChoices):
    """Where somebody came from."""

    SIGNUP = "signup", "Signup URL"
    LEAD_GEN = "lead_gen", "Lead-gen website"
    EMBED = "embed", "Operator’s own site"

    @property
    def channel(self) -> Channel:
        """The channel on which the plan must be shown."""
        return Channel.LEAD_GEN if self == Source.LEAD_GEN else Channel.SIGNUP


class Signup(TenantModel):
    """Somebody who signs up online for a plan and a mailbox, before they are a customer.

    Until it is sent it may be changed by whoever holds its link, and is thrown away when nobody
    comes back. Once its e-mail address is confirmed there is a pending customer.
    """

    source = models.CharField(max_length=8, choices=Source)
    state = models.CharField(max_length=9, choices=SignupState, default=SignupState.STARTED)
    location = Reference(Location)
    plan = Reference(Plan)
    version = Reference(PlanVersion)
    months = models.PositiveSmallIntegerField()
    #: The number on hold, or that they got; none where the hold has lapsed.
    mailbox = Reference(Mailbox, null=True)
    held_until = models.DateTimeField(null=True)
    kind = models.CharField(max_length=7, choices=Kind, default=Kind.PERSON)
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    street = models.CharField(max_length=160, blank=True)
    city = models.CharField(max_length=80, blank=True)
    state_of_address = models.CharField(max_length=40, blank=True)
    postal_code = models.CharField(max_length=12, blank=True)
    country = models.CharField(max_length=2, default="US")
    #: Who gets mail there beside them.
    recipients = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    #: What staff asked for last, and what was answered.
    asked = models.TextField(max_length=1000, blank=True)
    answered = models.TextField(max_length=1000, blank=True)
    #: What they agreed to, word for word, when, and from which address on the internet.
    agreed_words = models.TextField(blank=True)
    agreed_at = models.DateTimeField(null=True)
    agreed_from = models.GenericIPAddressField(null=True)
    email_confirmed_at = models.DateTimeField(null=True)
    #: Why a mail to them did not go out.
    mail_trouble = models.CharField(max_length=300, blank=True)
    customer = Reference(Customer, null=True)
    subscription = Reference(Subscription, null=True)
    #: Whether the recipients are counted as used, which they are from the first day on.
    recipients_counted = models.BooleanField(default=False)
    #: Why it was refused, as they were told.
    reason = models.CharField(max_length=1000, blank=True)
    decided_by = Reference("users.User", null=True)
    decided_at = models.DateTimeField(null=True)
    started_by_form = models.UUIDField()
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "started_by_form"], name="signup_is_started_once_by_a_form"
            ),
            models.UniqueConstraint(
                fields=["operator", "mailbox"],
                condition=Q(state__in=HOLDING, mailbox__isnull=False),
                name="mailbox_is_held_by_one_signup",
            ),
            models.CheckConstraint(
                condition=Q(state__in=SignupState.values), name="signup_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(source__in=Source.values), name="signup_source_is_known"
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="signup_kind_is_known"),
            models.CheckConstraint(
                condition=Q(months__range=(1, 120)), name="signup_is_for_1_to_120_months"
            ),
            models.CheckConstraint(
                condition=Q(mailbox__isnull=False) | Q(held_until__isnull=True),
                name="signup_holds_a_number_while_it_holds",
            ),
            models.CheckConstraint(
                condition=Q(state="started")
                | (~Q(name="") & ~Q(email="") & ~Q(agreed_words="") & Q(agreed_at__isnull=False)),
                name="signup_is_agreed_to_when_it_is_sent",
            ),
            models.CheckConstraint(
                condition=Q(state__in=IN_HAND)
                | Q(email_confirmed_at__isnull=False, customer__isnull=False),
                name="staff_get_a_signup_with_a_confirmed_address",
            ),
            models.CheckConstraint(
                condition=Q(state="approved", subscription__isnull=False)
                | (~Q(state="approved") & Q(subscription__isnull=True)),
                name="approved_signup_has_its_subscription",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["approved", "refused"], decided_at__isnull=False)
                | (~Q(state__in=["approved", "refused"]) & Q(decided_at__isnull=True)),
                name="signup_is_decided_at_a_moment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["operator", "state", "-started_at", "-id"], name="signups_by_state"
            ),
            models.Index("operator", "customer", name="signups_of_a_customer"),
        ]

    def __str__(self) -> str:
        return self.name or "Somebody"


class Consent(TenantModel):
    """What a customer agreed to, word for word: a version of a plan for terms of so many months."""

    customer = Reference(Customer)
    signup = Reference(Signup)
    version = Reference(PlanVersion)
    months = models.PositiveSmallIntegerField()
    words = models.TextField()
    email = models.EmailField()
    agreed_at = models.DateTimeField()
    #: From which address on the internet.
    agreed_from = models.GenericIPAddressField(null=True)

    class Meta:
        ordering = ["-agreed_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="consent_has_its_words"),
            models.UniqueConstraint(
                fields=["operator", "signup", "agreed_at"], name="consent_is_given_once_at_a_moment"
            ),
        ]
        indexes = [models.Index("operator", "customer", name="consents_of_a_customer")]

    def __str__(self) -> str:
        return f"{self.customer} to version {self.version_id}"
