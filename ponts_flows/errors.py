"""What can go wrong in a way that a person can mend: one root, one class per remedy."""

from __future__ import annotations


class PontsError(Exception):
    """Something to mend by a person; the message says which record, what is wrong and what to do."""


class SettingsError(PontsError):
    """A setting is missing or wrong."""


class GoogleRefused(PontsError):
    """A Google service refused a call: a credential, a right, a missing file or a request it does not accept.

    `status` is the HTTP status, 0 when there was none.
    """

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class GoogleUnreachable(PontsError):
    """A Google service did not answer, or asked to come back later. Nothing happened: trying again is the remedy.

    `retry_after`: for how many seconds it asked to be left alone; 0 when it did not say.
    """

    def __init__(self, message: str, retry_after: float = 0.0) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class TooMuchAsked(GoogleUnreachable):
    """A Google service takes no more calls for now: a limit a minute, or of a day's messages."""


class OutcomeUnknown(GoogleUnreachable):
    """A call that changes something got no answer to go by: it may have taken effect. Never repeat it blindly."""


class GivenUp(GoogleUnreachable):
    """A Google service failed so often in this pass that it is left alone until the next one."""


class StepBroken(PontsError):
    """A step failed by a fault of the programme's own; whoever looks after it should be told."""


class BoardChanged(PontsError):
    """The board lacks a tab or a column; `ponts setup` puts it back."""


class InputError(PontsError):
    """A file or an argument that a person gave can't be used."""


class Undeliverable(PontsError):
    """A message that can't be written or may not be sent; the reason is kept with it."""


class AlreadyRunning(PontsError):
    """Another run holds the ledger's lock; it will do the work."""


class LockLost(PontsError):
    """The connection that held a lock is gone, and the lock with it; the next run goes on."""
