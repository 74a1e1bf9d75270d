"""Articles as they are searched, and the feedback of their readers."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models

from postroom.base.tenancy.keys import Reference

Q = models.Q


class Article(models.Model):
    """The words of an article, to search in: written anew at each migration, read by everybody."""

    slug = models.CharField(max_length=80)
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=300)
    headings = models.TextField(blank=True)
    text = models.TextField()
    words = models.GeneratedField(
        expression=SearchVector("title", weight="A", config="english")
        + SearchVector("summary", "headings", weight="B", config="english")
        + SearchVector("text", weight="C", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="article_slug_is_unique"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(text=""), name="article_has_words"),
        ]
        indexes = [GinIndex(fields=["words"], name="articles_by_their_words")]

    def __str__(self) -> str:
        return self.title


class Reason(models.TextChoices):
    """Why an article did not help."""

    HARD_TO_FOLLOW = "hard_to_follow", "It is hard to follow"
    OUT_OF_DATE = "out_of_date", "It is out of date"
    OTHER_QUESTION = "other_question", "It doesn't answer my question"
    MISSING_STEPS = "missing_steps", "Pictures or steps are missing"


class Feedback(models.Model):
    """Whether an article helped a reader, and what is wrong with it: one of each reader.

    It outlives an article that is taken from the knowledge base, so it names it by its slug.
    """

    article = models.CharField(max_length=80)
    user = Reference("users.User", null=True)
    #: A reader who is not signed in: made up here, and kept in their session alone.
    visitor = models.UUIDField(null=True)
    helpful = models.BooleanField()
    reasons = ArrayField(models.CharField(max_length=20, choices=Reason), default=list)
    comment = models.TextField(blank=True)
    #: Where somebody who is not signed in would like to be answered.
    email = models.EmailField(blank=True)
    given_at = models.DateTimeField()
    #: When somebody of the platform's staff had looked at it, and who.
    done_at = models.DateTimeField(null=True)
    done_by = Reference("users.User", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article", "user"], name="feedback_is_given_once_by_a_user"
            ),
            models.UniqueConstraint(
                fields=["article", "visitor"], name="feedback_is_given_once_by_a_visitor"
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, visitor__isnull=True)
                | Q(user__isnull=True, visitor__isnull=False),
                name="feedback_is_of_a_user_or_a_visitor",
            ),
            models.CheckConstraint(
                condition=Q(helpful=True, reasons=[]) | Q(helpful=False) & ~Q(reasons=[]),
                name="feedback_has_reasons_where_it_is_no",
            ),
            models.CheckConstraint(
                condition=Q(reasons__contained_by=Reason.values), name="feedback_reasons_are_known"
            ),
            models.CheckConstraint(
                condition=Q(helpful=False) | Q(comment="", email="", done_at__isnull=True),
                name="feedback_says_more_only_where_it_is_no",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="feedback_is_done_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["-given_at"], name="feedback_by_its_day")]

    def __str__(self) -> str:
        return f"{'Yes' if self.helpful else 'No'} to {self.article}"

    @property
    def reasons_in_words(self) -> list[str]:
        return [str(Reason(it).label) for it in self.reasons]
