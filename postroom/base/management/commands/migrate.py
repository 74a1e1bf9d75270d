"""``migrate``, as the tables' owner: makes the roles first and the shared cache's table last."""

from typing import Any

from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import connections

from postroom.base.apps import BaseConfig
from postroom.base.sql import statement


class Command(migrate.Command):
    """Django's own command under the login role, since the application's role owns nothing."""

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        role = connection.settings_dict["OPTIONS"].pop("assume_role", None)
        connection.close()
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement(BaseConfig.folder() / "sql" / "roles.sql"))
            super().handle(*args, **options)
            if not options["plan"] and not options["check_unapplied"]:
                call_command("createcachetable", database=options["database"])
        finally:
            connection.close()
            connection.settings_dict["OPTIONS"]["assume_role"] = role
