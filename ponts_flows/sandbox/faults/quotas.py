"""The services' limits: so many calls a minute, so many messages a day, counted on the sandbox's clock.

Not on the machine's: a test or a rehearsal moves that clock, and what a client does within a minute of the time it
lives in is what Google would count. While the clock stands still, no minute passes.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ponts_flows.sandbox import schema
from ponts_flows.sandbox.faults import refusals
from ponts_flows.sandbox.faults.plan import Quotas
from ponts_flows.sandbox.faults.refusals import Metric
from ponts_flows.sandbox.gmail.mailboxes import canonical
from ponts_flows.sandbox.store import Store

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SENDS = ("gmail.users.drafts.send", "gmail.users.messages.send")
_READS_BY_POST = (
    "sheets.spreadsheets.getByDataFilter",
    "sheets.spreadsheets.values.batchGetByDataFilter",
    "sheets.spreadsheets.developerMetadata.search",
)
_METRICS = {
    "sheets reads": Metric(service="sheets", name="Read requests", id="read_requests", field="sheets_reads"),
    "sheets writes": Metric(
        service="sheets", name="Write requests", id="write_requests", field="sheets_writes"
    ),
    "forms reads": Metric(service="forms", name="Read requests", id="read_requests", field="forms_reads"),
    "forms responses": Metric(
        service="forms",
        name="Expensive read requests",
        id="expensive_read_requests",
        field="forms_responses",
    ),
    "forms writes": Metric(service="forms", name="Write requests", id="write_requests", field="forms_writes"),
    "gmail": Metric(service="gmail", name="Queries", id="default", field="gmail_units"),
}
# Google's table, by the last two words of a method's id; the reads at 20 since May 2026. What is not here costs 5.
UNITS = {
    "users.getProfile": 1,
    "users.stop": 50,
    "users.watch": 100,
    "drafts.create": 10,
    "drafts.delete": 10,
    "drafts.get": 20,
    "drafts.send": 100,
    "drafts.update": 15,
    "history.list": 2,
    "labels.get": 1,
    "labels.list": 1,
    "messages.batchDelete": 50,
    "messages.batchModify": 50,
    "messages.delete": 10,
    "messages.get": 20,
    "messages.import": 25,
    "messages.insert": 25,
    "messages.send": 100,
    "attachments.get": 20,
    "sendAs.create": 100,
    "sendAs.get": 1,
    "sendAs.list": 1,
    "sendAs.update": 100,
    "sendAs.verify": 100,
    "threads.delete": 20,
    "threads.get": 10,
    "threads.list": 10,
    "threads.modify": 10,
    "threads.trash": 10,
    "threads.untrash": 10,
}


def metric_of(id: str) -> Metric | None:
    """What a call counts in; None for what has no limit here: Drive, the token endpoint, a batch as such."""
    service = id.partition(".")[0]
    if service == "gmail":
        return _METRICS["gmail"]
    if service not in ("sheets", "forms"):
        return None
    if id == "forms.forms.responses.list":
        return _METRICS["forms responses"]
    api = "sheets.v4" if service == "sheets" else "forms.v1"
    reads = id in _READS_BY_POST or schema.methods(api)[id]["httpMethod"] == "GET"
    return _METRICS[f"{service} {'reads' if reads else 'writes'}"]


def limit_of(metric: Metric) -> int:
    """Google's own limit of a metric, a minute and user."""
    return int(Quotas.model_fields[metric.field].default)


def units_of(id: str) -> int:
    """How much a call counts."""
    if not id.startswith("gmail."):
        return 1
    return UNITS.get(".".join(id.split(".")[-2:]), 5)


@dataclass(kw_only=True)
class _Meter:
    """What was used in the last minute."""

    used: int = 0
    entries: deque[tuple[datetime, int]] = field(default_factory=deque)

    def at(self, now: datetime) -> int:
        """What is used now; what was counted at a time that is no longer, or not yet, is left out."""
        while self.entries and self.entries[0][0] <= now - MINUTE:
            self.used -= self.entries.popleft()[1]
        while self.entries and self.entries[-1][0] > now:
            self.used -= self.entries.pop()[1]
        return self.used

    def add(self, now: datetime, units: int) -> None:
        """Count a call."""
        self.entries.append((now, units))
        self.used += units


class Meters:
    """The counters of a plan's quotas. A call that is refused is not counted."""

    def __init__(self, quotas: Quotas, store: Store) -> None:
        self._quotas, self._store = quotas, store
        self._meters: dict[tuple[str, str], _Meter] = {}
        self.refused: Counter[str] = Counter()

    def admit(self, id: str, email: str) -> None:
        """Count a call; raises what the service answers past a limit."""
        metric = metric_of(id)
        if metric is None:
            return
        now, units = self._store.now(), units_of(id)
        users = self._meters.setdefault((metric.field, email), _Meter())
        projects = self._meters.setdefault((metric.field, ""), _Meter())
        for meter, scope in ((users, "user"), (projects, "project")):
            name = metric.field if scope == "user" else f"{metric.field}_of_project"
            limit = int(getattr(self._quotas, name))
            if meter.at(now) + units > limit:
                self.refused[name] += 1
                raise refusals.quota_exceeded(metric, scope=scope, limit=limit)
        if id in SENDS:
            self._check_sent(email, now)
        users.add(now, units)
        projects.add(now, units)

    def _check_sent(self, email: str, now: datetime) -> None:
        """Refuse a message past those of the last 24 hours, whoever sent them and from where."""
        since = round((now - DAY).timestamp() * 1000)
        count, oldest = self._store.db.execute(
            "SELECT count(*), min(l.date) FROM gmail_labelled AS l JOIN gmail_mailbox AS m ON m.number = l.mailbox"
            " WHERE m.address = ? AND l.label = 'SENT' AND l.date > ?",
            (canonical(email), since),
        ).fetchone()
        if count >= self._quotas.messages_a_day:
            self.refused["messages_a_day"] += 1
            raise refusals.sent_too_much(DAY + datetime.fromtimestamp(oldest / 1000, now.tzinfo))
