"""Asks a server about itself and its databases; run by the Python of .venv.

It reads DATABASE_URL as the product does, so that both mean the same server, and answers
with one word or number on standard output, or with one sentence and exit code 1.
"""

import os
import sys
from typing import Any

import environ
import psycopg
from psycopg import sql

# Refusals that mean "there is no such database", "you may not" and the like end here.
TIMEOUT = 10


def main(question: str) -> int:
    """This will answer one question about the server in DATABASE_URL."""
    config = environ.Env().db_url_config(os.environ["DATABASE_URL"])
    name = config.get("NAME") or "postgres"
    try:
        if question == "drop":
            with _connect(config, "postgres") as server:
                statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
                server.execute(statement.format(sql.Identifier(name)))
            return 0
        _create_if_missing(config, name)
        with _connect(config, name) as server:
            print(server.info.server_version // 10000)
    except psycopg.Error as error:
        print(" ".join(str(error).split()), file=sys.stderr)
        return 1
    return 0


def _create_if_missing(config: dict[str, Any], name: str) -> None:
    try:
        _connect(config, name).close()
    except psycopg.OperationalError as error:
        if f'"{name}" does not exist' not in str(error):
            raise
        with _connect(config, "postgres") as server:
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def _connect(config: dict[str, Any], database: str) -> psycopg.Connection[Any]:
    return psycopg.connect(
        host=config.get("HOST") or None,
        port=config.get("PORT") or None,
        user=config.get("USER") or None,
        password=config.get("PASSWORD") or None,
        dbname=database,
        autocommit=True,
        connect_timeout=TIMEOUT,
        **{key: value for key, value in config.get("OPTIONS", {}).items() if key in _PASSED_ON},
    )


_PASSED_ON = {"sslmode", "sslrootcert", "sslcert", "sslkey", "host", "options", "service"}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
