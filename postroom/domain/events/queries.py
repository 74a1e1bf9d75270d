from django.db.models import Model, QuerySet

from postroom.domain.events.models import Event


def events_of(subject: Model) -> QuerySet[Event]:
    """Will return what happened to a row, newest first."""
    return Event.objects.filter(subject_kind=subject._meta.model_name, subject_id=subject.pk)
