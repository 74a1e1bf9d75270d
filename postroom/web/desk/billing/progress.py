"""How far a run is, in words and as a bar."""

from dataclasses import dataclass

from postroom.domain.billing.models import BillingRun, RunState
from postroom.domain.billing.queries import is_stuck
from postroom.ui.templatetags.ui import count, day
from postroom.web.desk.access import DeskRequest
from postroom.web.desk.billing.starting import waits

#: How each state is shown: its word and the tone of its badge.
BADGES = {
    "waiting": ("Waiting", "info"),
    "running": ("Running", "info"),
    "stuck": ("Stuck", "bad"),
    "stopping": ("Stopping", "warn"),
    "stopped": ("Stopped", "warn"),
    "finished": ("Finished", "good"),
}


@dataclass(frozen=True)
class Progress:
    """A run with the state that people see."""

    run: BillingRun
    state: str
    title: str

    @property
    def badge(self) -> tuple[str, str]:
        return BADGES[self.state]

    @property
    def worth_a_look(self) -> int:
        """How many findings it has beside those that it set aside."""
        return sum(it["finding"] != "set_aside" for it in self.run.findings)

    @property
    def goes_on(self) -> bool:
        """Whether the page should look again by itself."""
        return self.state in {"waiting", "running", "stopping"}

    @property
    def most(self) -> int:
        """What the bar's end stands for; billed dates may be more than those who were due."""
        return max(self.run.due, self.run.billed)

    @property
    def counted(self) -> str:
        """How many were billed. Who is behind is billed once for each date that he missed."""
        billed, due = self.run.billed, count(self.run.due, "subscription")
        done = "Worked out" if self.run.dry else "Billed"
        if billed > self.run.due:
            return f"{done} {count(billed, 'billing date')} of {due}"
        return f"{done} {billed:,} of {due}"


def progress(request: DeskRequest, run: BillingRun) -> Progress:
    """Will tell how a run stands; for a dry run that goes on, in one query."""
    on = day(run.on, request.operator)
    title = f"Dry run up to {on}" if run.dry else f"Billing up to {on}"
    return Progress(run, _state(request, run), title)


def _state(request: DeskRequest, run: BillingRun) -> str:
    if run.state != RunState.RUNNING:
        return str(run.state)
    if run.stop_asked_at is not None:
        return "stuck" if is_stuck(run, at=request.at) else "stopping"
    if waits(run):
        return "waiting"
    return "stuck" if is_stuck(run, at=request.at) else "running"
