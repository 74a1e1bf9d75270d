"""What stands below the table: the machine, and where a run's time goes."""

from bench.billing import STEPS
from bench.measuring import Measured

#: Steps below this share are summed up.
SMALL = 0.02


def in_words(measured: Measured) -> str:
    """Will return the lines below the table."""
    parts = [
        f"{measured.machine} All of it took {measured.seconds:.0f} s. A ratio says how many times"
        " as slow or as large as the reference it is; where the reference is the smallest size,"
        " 1 is flat."
    ]
    if STEPS:
        parts.append(_steps(max(STEPS)))
    return "\n\n".join(parts)


def _steps(size: int) -> str:
    """Will say where the time of the largest run went, step by step."""
    run = STEPS[size]
    seconds = float(run["seconds"])
    shares = {name: float(it) / seconds for name, it in run["steps"].items()}
    shares["Python and the commits"] = 1 - sum(shares.values())
    large = {name: it for name, it in shares.items() if it >= SMALL}
    rows = sorted(large.items(), key=lambda it: -it[1])
    rows.append(("all others together", 1 - sum(large.values())))
    title = f"Where the time of the run at {size:,} goes:"
    return "\n".join([title, "", *[f"- {name}: {share:.0%}" for name, share in rows]])
