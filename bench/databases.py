"""The benchmark's own databases: one is migrated, all others are made as copies of it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connection as django_connection
from psycopg import sql

SQL = Path(__file__).parent / "sql"
#: What each of our databases is called, and beside which one it was made.
SUFFIX = "_bench"

Plain = psycopg.Connection[tuple[Any, ...]]


def statement(name: str) -> str:
    """Will return the text of one of our own statements."""
    return (SQL / name).read_text(encoding="utf-8")


class Databases:
    """The databases that one run of the benchmark makes on a server, all of them its own."""

    def __init__(self, url: str, *, quickly: bool = False) -> None:
        """Will take the server, login and first part of the names from a database's URL.

        ``quickly`` spares the checkpoints around copies, where nothing is really measured.
        """
        self._strategy = "WAL_LOG" if quickly else "FILE_COPY"
        self._url = urlsplit(url)
        self._name = self._url.path.strip("/") + SUFFIX
        self._made: list[str] = []

    def url(self, name: str) -> str:
        """Will return the URL of one of them."""
        return urlunsplit(self._url._replace(path=f"/{name}"))

    def make(self, what: str, *, like: str | None = None) -> str:
        """Will make a database, as a copy of another one of ours or empty, and return its name.

        The copy is made file by file behind a checkpoint, so that each measurement begins with
        the same rows on the same pages and nothing left to be flushed.
        """
        name = f"{self._name}_{what}"
        copied = sql.Identifier(like) if like else sql.Identifier("template0")
        self.drop(name)
        self._serve(
            f"CREATE DATABASE {{}} TEMPLATE {{}} STRATEGY {self._strategy}",
            sql.Identifier(name),
            copied,
        )
        self._made.append(name)
        return name

    def drop(self, name: str) -> None:
        """Will drop one of our databases; no other is ever dropped."""
        if not name.startswith(self._name):
            raise ValueError(f"{name} is not a database of the benchmark.")
        try:
            # Left to itself the server sends its own vacuum away, which no plain login may.
            self._serve("DROP DATABASE IF EXISTS {}", sql.Identifier(name))
        except psycopg.errors.ObjectInUse:
            self._serve("DROP DATABASE IF EXISTS {} WITH (FORCE)", sql.Identifier(name))

    def drop_all(self) -> None:
        """Will drop everything that was made."""
        for name in self._made:
            self.drop(name)
        self._made.clear()

    @contextmanager
    def connected(self, name: str) -> Iterator[Plain]:
        """Will open a plain connection, as the login that owns the tables."""
        with psycopg.connect(self.url(name), autocommit=True) as plain:
            yield plain

    @contextmanager
    def of_the_product(self, name: str) -> Iterator[None]:
        """Will have the product work on one of our databases."""
        before = django_connection.settings_dict["NAME"]
        django_connection.close()
        django_connection.settings_dict["NAME"] = name
        try:
            yield
        finally:
            django_connection.close()
            django_connection.settings_dict["NAME"] = before

    def _serve(self, text: str, *names: sql.Composable) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as server:
            server.execute(sql.SQL(text).format(*names))


def variables(url: str) -> dict[str, str]:
    """Will return this process's variables with another database's URL."""
    return {**os.environ, "DATABASE_URL": url}
