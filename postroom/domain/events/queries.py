from django.db.models import Model, Q, QuerySet

from postroom.domain.events.models import Event


def events_of(*subjects: Model) -> QuerySet[Event]:
    """Will return what happened to a row, or to any of several, newest first."""
    of_any = Q(pk=None)
    for it in subjects:
        of_any |= Q(subject_kind=it._meta.model_name, subject_id=it.pk)
    return Event.objects.filter(of_any)
