"""The migration operations that make a table a tenant table, a closed book, or a trigger's."""

from abc import ABC, abstractmethod
from typing import Any

from django.apps.registry import Apps
from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

OWN_ROWS = "operator_id = nullif(current_setting('postroom.operator_id', true), '')::bigint"

POLICIES = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY operator_sees_own_rows ON {table} TO postroom_app
    USING ({own}) WITH CHECK ({own});
CREATE POLICY platform_sees_all_rows ON {table} TO postroom_platform
    USING (true) WITH CHECK (true);
CREATE POLICY published_acts_see_all_rows ON {table} TO postroom_definer
    USING (true) WITH CHECK (true);
"""


class SchemaOnly(Operation, ABC):
    """A database operation on one model that leaves Django's picture of the model as it is."""

    reduces_to_sql = True
    reversible = False

    def __init__(self, model: str) -> None:
        self.model = model

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.model], {}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        pass

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        apps: Apps = to_state.apps
        for sql in self.statements(apps.get_model(app_label, self.model)):
            schema_editor.execute(sql)

    @abstractmethod
    def statements(self, model: type[models.Model]) -> list[str]:
        """Will return what the database is told about the model's table."""


class Isolate(SchemaOnly):
    """Will make a model's table a tenant table: policies, and keys that carry the operator."""

    def statements(self, model: type[models.Model]) -> list[str]:
        table = model._meta.db_table
        return [
            # One index serves identity and tenancy, and lets the rows be spread by operator.
            f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey, ADD PRIMARY KEY (operator_id, id)",
            POLICIES.format(table=table, own=OWN_ROWS),
            *keys(model),
        ]


class AppendOnly(SchemaOnly):
    """Will refuse UPDATE, DELETE and TRUNCATE on a model's table, whoever asks."""

    def __init__(self, model: str, constraint: str) -> None:
        super().__init__(model)
        self.constraint = constraint

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.model, self.constraint], {}

    def statements(self, model: type[models.Model]) -> list[str]:
        table = model._meta.db_table
        return [
            f"CREATE TRIGGER {self.constraint} BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION refuse('{self.constraint}')"
        ]


class Refer(SchemaOnly):
    """Will give one reference of a model its named constraint, where it came after ``Isolate``."""

    def __init__(self, model: str, field: str) -> None:
        super().__init__(model)
        self.field = field

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.model, self.field], {}

    def statements(self, model: type[models.Model]) -> list[str]:
        return [key(model, model._meta.get_field(self.field))]


def keys(model: type[models.Model]) -> list[str]:
    """Will return the statements that give each reference of a model its named constraint."""
    return [
        key(model, field)
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey) and not getattr(field, "db_constraint", True)
    ]


def key(model: type[models.Model], field: Any) -> str:
    """Will return the statement that gives a reference its constraint, carrying the operator."""
    table, target = model._meta.db_table, field.related_model
    tenant = any(other.name == "operator" for other in target._meta.local_fields)
    columns, targets = ("operator_id, ", "operator_id, ") if tenant else ("", "")
    name = f"{table}_{field.name}_{'is_of_same_operator' if tenant else 'exists'}"
    return (
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({columns}{field.column})"
        f" REFERENCES {target._meta.db_table} ({targets}id)"
    )
