"""What is announced, what each customer is told of it, and the envelope that it goes out in."""

from datetime import datetime

from django.db import models

from postroom.base.rounds import CLAIM_HOLDS
from postroom.base.tenancy.keys import Reference
from postroom.domain.customers.models import Customer
from postroom.domain.operators.models import TenantModel
from postroom.domain.plans.models import Plan, PlanVersion
from postroom.domain.subscriptions.models import Clearance, Subscription

F, Q = models.F, models.Q


class Subject(models.TextChoices):
    """What an announcement is about."""

    CHANGE = "change", "A change of the plan"
    MOVE = "move", "A move to another plan"
    #: What they were told does not come.
    CORRECTION = "correction", "A correction"
    #: Nothing changes.
    MESSAGE = "message", "A message"


class Announcement(TenantModel):
    """What the customers of a plan are told: of which version, with the operator's own words.

    Never edited: a change that is edited is announced anew, and what was sent is void.
    """

    subject = models.CharField(max_length=10, choices=Subject)
    #: Whose customers are told.
    plan = Reference(Plan)
    #: What they are told of; for a correction, what does not come.
    version = Reference(PlanVersion, null=True)
    #: The day from which it may reach them.
    existing_from = models.DateField(null=True)
    #: One paragraph of the operator's own.
    words = models.TextField(max_length=2000, blank=True)
    by = Reference("users.User", null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(subject__in=Subject.values), name="announcement_subject_is_known"
            ),
            models.CheckConstraint(
                condition=Q(subject=Subject.MESSAGE, version__isnull=True)
                | (~Q(subject=Subject.MESSAGE) & Q(version__isnull=False)),
                name="only_a_message_announces_no_version",
            ),
            models.CheckConstraint(
                condition=~Q(subject=Subject.MESSAGE, words=""), name="message_has_words"
            ),
        ]
        indexes = [models.Index("operator", "version", name="announcements_of_a_version")]

    def __str__(self) -> str:
        return f"{self.get_subject_display()}, {self.plan}"


class EnvelopeState(models.TextChoices):
    """How far an envelope has come."""

    WAITING = "waiting", "Waiting"
    ACCEPTED = "accepted", "Accepted"
    #: Refused by the mail server, or come back later.
    BOUNCED = "bounced", "Bounced"
    #: There is no address of e-mail: it is to be printed.
    TO_PRINT = "to_print", "To be printed"
    POSTED = "posted", "Posted as a letter"
    TOLD = "told", "Told by phone or in person"
    #: Edited, withdrawn or too late.
    VOID = "void", "Void"


class Envelope(TenantModel):
    """What goes to a customer at once: the notices of all their mailboxes, as one mail or letter.

    Its words never change. Whoever hands it over claims it first; sent again it begins another
    round.
    """

    announcement = Reference(Announcement)
    customer = Reference(Customer)
    #: Makes two envelopes of one page one: the first of the subscriptions in it, and its day.
    about = Reference(Subscription)
    first_day = models.DateField()
    title = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField()
    written_at = models.DateTimeField()
    #: The last day of the window: handed over later, it would be too late.
    closes_on = models.DateField(null=True)
    state = models.CharField(max_length=8, choices=EnvelopeState)
    round = models.PositiveSmallIntegerField(default=1)
    #: The same in every try of a round, so that a mail that came twice is known as one.
    message_id = models.CharField(max_length=200)
    #: When this round began, and who asked for it; None is the timetable.
    since_at = models.DateTimeField()
    asked_by = Reference("users.User", null=True)
    next_try_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    claim = models.UUIDField(null=True)
    claimed_at = models.DateTimeField(null=True)
    #: Where it went last, and what was said to it.
    address = models.CharField(max_length=254, blank=True)
    said = models.CharField(max_length=300, blank=True)
    moved_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "announcement", "about", "first_day"],
                name="envelope_is_written_once",
            ),
            models.UniqueConstraint(
                fields=["operator", "message_id"], name="envelope_has_a_message_id_of_its_own"
            ),
            models.CheckConstraint(
                condition=Q(state__in=EnvelopeState.values), name="envelope_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=EnvelopeState.WAITING, next_try_at__isnull=False)
                | (
                    ~Q(state=EnvelopeState.WAITING)
                    & Q(next_try_at__isnull=True, claim__isnull=True)
                ),
                name="envelope_is_tried_while_it_waits",
            ),
            models.CheckConstraint(
                condition=Q(claim__isnull=True, claimed_at__isnull=True)
                | Q(claim__isnull=False, claimed_at__isnull=False),
                name="envelope_claim_has_an_instant",
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(text=""), name="envelope_says_something"
            ),
        ]
        indexes = [
            models.Index(
                "operator",
                "next_try_at",
                "id",
                condition=Q(state=EnvelopeState.WAITING),
                name="envelopes_that_wait",
            ),
            models.Index("operator", "announcement", "state", name="envelopes_by_state"),
            models.Index("operator", "customer", name="envelopes_of_a_customer"),
        ]

    def __str__(self) -> str:
        return self.title

    def is_on_its_way(self, at: datetime) -> bool:
        """Will tell whether somebody is handing it over right now."""
        return self.claimed_at is not None and at - self.claimed_at <= CLAIM_HOLDS


class Notice(TenantModel):
    """What a customer is told about one subscription, with its own numbers.

    One for each subscription, announcement and first day. ``facts`` are its numbers, as
    ``notices.facts`` reads and writes them.
    """

    announcement = Reference(Announcement)
    envelope = Reference(Envelope, related_name="notices")
    subscription = Reference(Subscription)
    #: When it starts for them; of a correction or a message, the day of the announcement.
    first_day = models.DateField()
    #: Whether it clears the way for worse terms; otherwise it is a courtesy.
    gates = models.BooleanField()
    facts = models.JSONField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "subscription", "announcement", "first_day"],
                name="notice_is_one_for_its_first_day",
            ),
        ]
        indexes = [
            models.Index("operator", "envelope", name="notices_of_an_envelope"),
            models.Index(
                "operator", "announcement", "subscription", name="notices_of_an_announcement"
            ),
        ]

    def __str__(self) -> str:
        return f"Notice to {self.subscription}"


class NoticeClearance(TenantModel):
    """The clearance that a notice brought: what a late bounce takes back."""

    notice = Reference(Notice)
    clearance = Reference(Clearance)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "clearance"], name="clearance_comes_from_one_notice"
            )
        ]
        indexes = [models.Index("operator", "notice", name="clearances_of_a_notice")]

    def __str__(self) -> str:
        return f"{self.notice} clears"
