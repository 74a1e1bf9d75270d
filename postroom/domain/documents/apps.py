from pathlib import Path

from django.apps import AppConfig

#: The templates of documents and of the mail that brings them.
PAPERS = Path(__file__).parent / "papers"


class DocumentsConfig(AppConfig):
    name = "postroom.domain.documents"
    label = "documents"
