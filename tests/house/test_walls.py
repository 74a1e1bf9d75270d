"""The walls between operators: policies, keys, and the role that everything runs under."""

import re

import pytest
from django.db import connection, models

from postroom.base.tenancy import (
    as_member,
    as_operator,
    as_platform,
    as_public_reader,
    as_reader,
    as_worker,
)
from tests.tables import ask, named, our_models, references, tenant_models

every_table = pytest.mark.parametrize("model", tenant_models(), ids=named)

SETTING = "current_setting('postroom.operator_id'::text, true)"
OWN = f"(operator_id = (NULLIF({SETTING}, ''::text))::bigint)"
POLICIES = {
    ("operator_sees_own_rows", "{postroom_app}", "ALL", OWN, OWN),
    ("platform_sees_all_rows", "{postroom_platform}", "ALL", "true", "true"),
    ("published_acts_see_all_rows", "{postroom_definer}", "ALL", "true", "true"),
}


@every_table
def test_row_level_security_is_on_and_forced(db: None, model: type[models.Model]) -> None:
    assert ask(
        "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass",
        model._meta.db_table,
    ) == [(True, True)]


@every_table
def test_each_table_has_exactly_its_policies(db: None, model: type[models.Model]) -> None:
    rows = ask(
        "SELECT policyname, roles::text, cmd, qual, with_check FROM pg_policies"
        " WHERE tablename = %s AND policyname <> 'member_sees_his_places'",
        model._meta.db_table,
    )
    assert set(rows) == POLICIES


def test_one_table_is_seen_by_members_too(db: None) -> None:
    rows = ask(
        "SELECT tablename, cmd FROM pg_policies WHERE policyname LIKE 'member_sees_his_pl%%'"
    )
    assert rows == [("operators_staff", "SELECT")]


@every_table
def test_the_primary_key_starts_with_the_operator(db: None, model: type[models.Model]) -> None:
    rows = ask(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype = 'p' AND conrelid = %s::regclass",
        model._meta.db_table,
    )
    assert rows == [("PRIMARY KEY (operator_id, id)",)]


@every_table
def test_every_unique_key_starts_with_the_operator(db: None, model: type[models.Model]) -> None:
    rows = ask(
        "SELECT pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indisunique AND indrelid = %s::regclass",
        model._meta.db_table,
    )
    assert [row for (row,) in rows if not re.search(r"\(operator_id[,)]", row)] == []


def test_keys_between_tenants_tables_carry_the_operator(db: None) -> None:
    keys = dict(ask("SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"))
    for model, field in references(to_tenants=True):
        definition = keys[f"{model._meta.db_table}_{field.name}_is_of_same_operator"]
        target = field.related_model._meta.db_table
        assert definition == (
            f"FOREIGN KEY (operator_id, {field.column}) REFERENCES {target}(operator_id, id)"
        )


def test_every_foreign_key_of_a_tenant_is_one_of_ours() -> None:
    plain = [
        f"{model.__name__}.{field.name}"
        for model in tenant_models()
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey) and field.db_constraint
    ]
    assert plain == []


SCOPES = {
    "postroom_app": [lambda: as_operator(1), lambda: as_member(1), lambda: as_reader(1, None)],
    "postroom_public": [as_public_reader],
    "postroom_worker": [as_worker],
    "postroom_platform": [as_platform],
}


@pytest.mark.parametrize("role", SCOPES)
def test_each_scope_has_its_role(db: None, role: str) -> None:
    for scope in SCOPES[role]:
        with scope():
            assert ask("SELECT current_user::text") == [(role,)]
    assert ask("SELECT current_user::text") == [("postroom_app",)]


@pytest.mark.parametrize("role", [*SCOPES, "postroom_definer"])
def test_no_role_is_above_the_policies(db: None, role: str) -> None:
    assert ask(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication"
        " FROM pg_roles WHERE rolname = %s",
        role,
    ) == [(False,) * 6]
    assert (
        # But for the scratch tables of its own connection.
        ask(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relowner = %s::regrole"
            " AND relpersistence <> 't'",
            role,
        )
        == []
    )
    in_others = "SELECT roleid::regrole::text FROM pg_auth_members WHERE member = %s::regrole"
    assert ask(in_others, role) == [], "a role that is in another could put on its rights"


def test_the_login_is_not_what_tests_run_as(db: None) -> None:
    [(login, worker)] = ask("SELECT session_user::text, current_user::text")
    assert worker == "postroom_app" == connection.settings_dict["OPTIONS"]["assume_role"]
    assert login != worker


@pytest.mark.parametrize("model", our_models(), ids=named)
def test_only_those_without_an_operator_have_no_policy(db: None, model: type[models.Model]) -> None:
    open_to_all = {"users_user"}
    [(secured,)] = ask(
        "SELECT relrowsecurity FROM pg_class WHERE oid = %s::regclass", model._meta.db_table
    )
    assert secured == (model._meta.db_table not in open_to_all)


def test_functions_that_lend_their_rights_are_the_definers(db: None) -> None:
    rows = ask(
        "SELECT proname, pg_get_userbyid(proowner), proconfig::text FROM pg_proc"
        " WHERE prosecdef AND pronamespace IN ('public'::regnamespace, 'published'::regnamespace)"
    )
    assert rows
    for name, owner, settings in rows:
        assert owner == "postroom_definer", name
        assert "search_path" in settings, name
