"""Records that do not stop one another: one at which something fails is set aside, the others go on.

A fault of the programme's own leaves the record as it was, to be tried again at each pass, and opens a line in
À traiter that closes when it goes through. What people get wrong is foreseen, and has lines of its own. What Google
fails to do for one record is raised once the others were tried.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from traceback import extract_tb

from sqlalchemy import Connection
from sqlalchemy.exc import InterfaceError, OperationalError

import ponts_flows
from ponts_flows.actions import AskCoordinator, CloseReview
from ponts_flows.errors import GivenUp, GoogleRefused, GoogleUnreachable, LockLost, SettingsError
from ponts_flows.ledger import facts
from ponts_flows.steps.context import Pass

OF_THE_MACHINE = (OperationalError, InterfaceError, MemoryError, LockLost)
"""What stops everything: the database or the machine fails."""
NO_RECORDS_FAULT = (*OF_THE_MACHINE, SettingsError, GivenUp)
"""What stops a step, whatever the record; the installation, too, or a service that is down."""
WHAT = {
    "answer": "la réponse",
    "row": "la ligne",
    "sheet": "la feuille",
    "person": "la personne",
    "received": "le message reçu",
    "decision": "la décision",
    "case": "le dossier",
    "message": "l'envoi",
    "shown": "la ligne à afficher",
}
_ROOT = Path(ponts_flows.__file__).parent
_log = logging.getLogger(__name__)


class Aside:
    """The records of one kind, in one step. `waiting` are those set aside earlier, `put` those set aside now."""

    def __init__(self, run: Pass, db: Connection, kind: str) -> None:
        self._run, self._prefix, self._what = run, f"aside/{kind}/", WHAT[kind]
        # Kept apart from the lines, which may be many, and which people close.
        self.waiting = frozenset(facts.recall(db, self._prefix, []))
        self.put: list[str] = []
        self._unanswered: list[GoogleRefused | GoogleUnreachable] = []
        self._refused_last = False

    @contextmanager
    def of(
        self, id: str, about: str = "", otherwise: Callable[[Connection], None] | None = None
    ) -> Iterator[None]:
        """See to one record; `otherwise` is done when it is set aside. No transaction may be open."""
        try:
            yield
        except NO_RECORDS_FAULT:
            raise
        except (GoogleRefused, GoogleUnreachable) as error:
            self._note_unanswered(error)
        except Exception as error:
            with self._run.ledger.transaction() as db:
                self._set_aside(db, id, about, error)
                if otherwise is not None:
                    otherwise(db)
        else:
            self._refused_last = False
            if id in self.waiting:
                with self._run.ledger.transaction() as db:
                    self._close(db, id)

    @contextmanager
    def alone(
        self, id: str, about: str = "", otherwise: Callable[[Connection], None] | None = None
    ) -> Iterator[Connection]:
        """See to one record in a transaction of its own, which is undone when it is set aside."""
        with self.of(id, about, otherwise), self._run.ledger.transaction() as db:
            yield db

    @contextmanager
    def within(self, db: Connection, id: str, about: str = "", *, writes: bool = True) -> Iterator[None]:
        """See to one record as a part of a transaction; what it `writes` there is undone when it is set aside."""
        try:
            with db.begin_nested() if writes else nullcontext():
                yield
        except NO_RECORDS_FAULT:
            raise
        except Exception as error:
            self._set_aside(db, id, about, error)
        else:
            if id in self.waiting:
                self._close(db, id)

    def together(
        self,
        ids: Sequence[str],
        see_to: Callable[[Connection, Sequence[str]], None],
        otherwise: Callable[[Connection, str], None],
    ) -> None:
        """See to records in one transaction; when that does not go through, to each in its own."""
        if self.waiting.isdisjoint(ids) and self._went_through(ids, see_to):
            return
        for id in ids:
            with self.alone(id, id, lambda db, id=id: otherwise(db, id)) as db:  # type: ignore[misc]
                see_to(db, [id])

    def _went_through(self, ids: Sequence[str], see_to: Callable[[Connection, Sequence[str]], None]) -> bool:
        try:
            with self._run.ledger.transaction() as db:
                see_to(db, ids)
        except NO_RECORDS_FAULT:
            raise
        except Exception:  # which of them it was is found out, and told, when each is seen to alone
            return False
        return True

    def finish(self) -> None:
        """Raise what Google failed to do for some record, now that all were tried."""
        if self._unanswered:
            raise self._unanswered[0]

    def _note_unanswered(self, error: GoogleRefused | GoogleUnreachable) -> None:
        refused = isinstance(error, GoogleRefused)
        if refused and self._refused_last:
            raise error  # two in a row: it is not about the record
        self._refused_last = refused
        self._unanswered.append(error)

    def _set_aside(self, db: Connection, id: str, about: str, error: Exception) -> None:
        self.put.append(id)
        _log.error("%s%s: %s", self._prefix, id, explained(error))
        googles = isinstance(error, GoogleRefused | GoogleUnreachable)
        why = "Google ne répond pas à ce sujet" if googles else "erreur du programme"
        line = AskCoordinator(
            key=self._prefix + id,
            about=about,
            subject=f"Mis de côté, {why} : {self._what} {id} ({explained(error)}). Le reste a été traité.",
            todo="Transmettre cette ligne à la personne qui s'occupe du programme. Rien n'est perdu : c'est essayé "
            "de nouveau à chaque passage, et cette ligne se ferme dès que cela passe.",
        )
        self._run.tell(db, line)
        self._remember(db, id, waits=True)

    def _close(self, db: Connection, id: str) -> None:
        self._run.carry_out(db, [CloseReview(key=self._prefix + id)])
        self._remember(db, id, waits=False)

    def _remember(self, db: Connection, id: str, *, waits: bool) -> None:
        known = set(facts.recall(db, self._prefix, []))
        if (id in known) != waits:
            facts.remember(db, self._prefix, sorted(known ^ {id}))


def explained(error: BaseException) -> str:
    """What went wrong and where, in a form that holds nothing of what people wrote."""
    ours = [frame for frame in extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(_ROOT)]
    place = f", {Path(ours[-1].filename).relative_to(_ROOT)}:{ours[-1].lineno}" if ours else ""
    return f"{type(error).__name__}{place}"
