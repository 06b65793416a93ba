"""How SQLite finds what a pass asks of it: by an index of the few, never by going through all there is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event

from ponts_flows.actions import Away, MovePairing
from ponts_flows.ledger import Ledger, cases, facts, outbox, runs
from ponts_flows.ledger.pool import pool
from ponts_flows.lifecycle import PairingStage
from ponts_flows.steps.decide import follow_up, handle_decisions, read_responses
from ponts_flows.steps.deliver import send_due
from ponts_flows.steps.mail import file_mail, read_mail
from ponts_flows.steps.rows import figures, fresh_rows
from tests.bench.many_pairs import build, shows, the_board, wake
from tests.bench.two_pairs import NOW, a_pass

# Counted at each pass, for the tab Tableau de bord: an index entry each, or less.
COUNTED = {
    "application USING COVERING INDEX ix_application_stage_role",
    "pairing USING COVERING INDEX ix_pairing_stage",
    "message USING COVERING INDEX ix_message_sent_at",
    # A few dozen, whatever the number of people.
    "mail_text",
    "note USING INDEX sqlite_autoindex_note_1",
}
FEW = (
    "unhandled",
    "not_cleared",
    "out_of_date",
    "unnamed",
    "unfiled",
    "waiting",
    "dead",
    "unfinished",
    "to_retry",
)  # indexes that hold only what waits


class Plans:
    """The statements run on a ledger, and what the database goes through from end to end to answer them."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger, self.statements = ledger, dict[str, Any]()
        event.listen(ledger.engine, "before_cursor_execute", self._note)

    def _note(self, _: Any, __: Any, statement: str, parameters: Any, ___: Any, many: bool) -> None:
        self.statements[statement] = parameters[0] if many else parameters

    def gone_through(self) -> set[str]:
        """`table`, or `table USING INDEX name`."""
        event.remove(self.ledger.engine, "before_cursor_execute", self._note)
        found: set[str] = set()
        with self.ledger.engine.connect() as db:
            for statement, parameters in self.statements.items():
                if statement.startswith(("SELECT", "UPDATE", "DELETE", "INSERT")):
                    found |= set(_scans(db, statement, parameters))
        return found


def _scans(db: Connection, statement: str, parameters: Any) -> Iterator[str]:
    for *_, step in db.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters):
        scanned = re.fullmatch(r"SCAN (?!CONSTANT ROW|\(subquery)(.*)", step)
        if scanned and not scanned[1].endswith(FEW):
            yield scanned[1]
        if "ix_message_status (status=?)" in step and "sent" in parameters:
            yield "all that was sent"
        if "ix_pairing_stage (stage=?)" in step:
            yield "all pairs under way"


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """Some engaged pairs; four have something due."""
    path = tmp_path_factory.mktemp("plans") / "ledger.db"
    due = build(Path(path), pairs=14, due=4)
    found = Ledger(f"sqlite:///{path}", durable=False)
    with found.transaction() as db:
        wake(db, due)
        # Figures go through everything, once an hour at most: here they were just counted.
        facts.remember(db, figures.NOTE, figures.counted(db, now=NOW, today=NOW.date()))
    yield found
    found.close()


def goes_through(ledger: Ledger, does: Callable[[], object]) -> set[str]:
    plans = Plans(ledger)
    does()
    return plans.gone_through()


def test_nothing_new_is_known_without_a_look_at_what_was_handled(ledger: Ledger) -> None:
    run = a_pass(ledger)

    assert (
        goes_through(
            ledger, lambda: (read_responses(run), handle_decisions(run), read_mail(run), file_mail(run))
        )
        == {"found_mail"}  # empty, but where a ledger was lost or put back
    )


def test_the_pairs_that_are_due_are_followed_without_a_look_at_the_others(ledger: Ledger) -> None:
    looked_at: list[int] = []

    assert goes_through(ledger, lambda: looked_at.append(follow_up(a_pass(ledger)))) == set()
    assert looked_at == [4]


def test_what_may_leave_is_chosen_without_a_look_at_what_left(ledger: Ledger) -> None:
    run = a_pass(ledger, NOW.replace(hour=22))  # nothing leaves in the evening, and all that may is weighed

    # Empty, but where a ledger was lost: what it had sent since the board last showed it.
    assert goes_through(ledger, lambda: send_due(run)) == {"found_mail"}


def test_a_message_leaves_without_a_look_at_the_others(ledger: Ledger) -> None:
    def leaves() -> None:
        with ledger.transaction() as db:
            (message, *_) = outbox.planned(db, at_once_only=False)
            outbox.attempting(db, message.key, by=None, now=NOW)
            outbox.drafted(
                db, message.key, draft_id="d", subject="s", body="b", addresses=("x@exemple.example",)
            )
            outbox.sending(db, message.key, now=NOW)
            outbox.sent(db, message.key, gmail_id="g", thread_id="t", now=NOW)
            outbox.name(db, dict.fromkeys(outbox.without_message_id(db), "<x@exemple.example>"))

    assert goes_through(ledger, leaves) == set()


def test_a_move_and_a_leave_wake_the_pairs_concerned_without_a_look_at_the_others(ledger: Ledger) -> None:
    def moves() -> None:
        with ledger.transaction() as db:
            (case,) = cases.pairing_cases(db, ["P-0009"], a_pass(ledger).programme)
            stopped = MovePairing(pairing=case.id, to=PairingStage.STOPPED, reason="à sa demande")
            a_pass(ledger).carry_out(db, [Away(application=case.mentor.id, until=NOW), stopped])

    assert goes_through(ledger, moves) == set()


def test_the_rows_that_changed_are_made_without_a_look_at_the_others_but_for_the_counts(
    ledger: Ledger,
) -> None:
    def made() -> None:
        with ledger.transaction() as db:
            fresh_rows(a_pass(ledger), db)

    assert goes_through(ledger, made) == COUNTED


def test_the_board_is_brought_up_to_date_without_a_look_at_the_other_rows_but_for_the_counts(
    ledger: Ledger,
) -> None:
    with ledger.transaction() as db:
        reading = the_board(db)

    assert goes_through(ledger, lambda: shows(a_pass(ledger), reading)) == COUNTED


def test_the_pool_looks_at_no_pair_to_know_which_mentors_had_a_mentee(ledger: Ledger) -> None:
    run = a_pass(ledger)

    def reads() -> None:
        with ledger.transaction() as db:
            pool(db, today=run.today, programme=run.programme)

    # Pairs by their stages: to know the places taken, and who was together before.
    by_stage = {"all pairs under way"}
    assert goes_through(ledger, reads) == by_stage


def test_the_last_run_of_the_matching_is_found_without_a_look_at_the_others(ledger: Ledger) -> None:
    def last() -> None:
        with ledger.transaction() as db:
            runs.last(db)

    assert goes_through(ledger, last) == set()
