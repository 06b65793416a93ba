"""The ledger: a SQL database, the record of what was received, decided and sent."""

from ponts_flows.ledger.database import Ledger

__all__ = ["Ledger"]
