from typing import Any

from django.apps import AppConfig, apps
from django.db import connections
from django.db.models.signals import post_migrate


class HelpConfig(AppConfig):
    name = "postroom.web.help"
    label = "help"

    def ready(self) -> None:
        room = apps.get_app_config("knowledge_base")
        post_migrate.connect(_write_down, sender=room)


def _write_down(using: str, **facts: Any) -> None:
    """Will let the articles of this version be searched, after each migration.

    A migration that goes back to before there were any leaves no table.
    """
    if "knowledge_base_article" not in connections[using].introspection.table_names():
        return
    from postroom.web.help.indexing import write_down_all

    write_down_all()
