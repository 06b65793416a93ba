"""Gmail v1 and everyone's mailboxes: the API's handlers, local delivery, pages to read and answer.

`deliver` puts mail into a mailbox as from outside; `forget_history` makes old history ids unknown.
"""

from __future__ import annotations

from ponts_flows.sandbox.gmail import api_account, api_drafts, api_messages, api_threads
from ponts_flows.sandbox.gmail.delivery import Verdicts, deliver
from ponts_flows.sandbox.gmail.history import forget_history
from ponts_flows.sandbox.gmail.pages import pages
from ponts_flows.sandbox.gmail.tables import SCHEMA

__all__ = (
    "SCHEMA",
    "Verdicts",
    "api_account",
    "api_drafts",
    "api_messages",
    "api_threads",
    "deliver",
    "forget_history",
    "pages",
)
