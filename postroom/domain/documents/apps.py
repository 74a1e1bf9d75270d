from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "postroom.domain.documents"
    label = "documents"
