from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "postroom.domain.events"
    label = "events"
