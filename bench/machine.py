"""The machine that was measured on: figures hold there only, ratios travel."""

import os
from statistics import median

from bench.databases import Databases
from bench.setting import seconds_of

SETTINGS = ["shared_buffers", "work_mem", "max_wal_size", "fsync", "synchronous_commit", "jit"]
COMMITS = 200


def described(databases: Databases) -> str:
    """Will say in a sentence or two what this machine and its server are."""
    pages, page = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    load = ", ".join(f"{it:.1f}" for it in os.getloadavg())
    with databases.connected("postgres") as plain:
        version = str(plain.info.server_version // 10000)
        settings = ", ".join(
            f"{name} {value}" for name in SETTINGS for (value,) in plain.execute(f"SHOW {name}")
        )
        # A commit that writes nothing but a word to the log waits for the disk all the same.
        word = "SELECT pg_logical_emit_message(true, 'bench', 'word')"
        commits = [seconds_of(lambda: plain.execute(word)) for _ in range(COMMITS)]
    return (
        f"{os.cpu_count()} cores, {pages * page / 2**30:.0f} GiB, load {load};"
        f" PostgreSQL {version}: {settings}; a commit takes {median(commits) * 1000:.2f} ms."
    )
