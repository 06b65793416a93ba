"""The ledger by itself."""
