"""The bit of Drive v3 that spreadsheets and forms need: their files, and who may do what with them."""

from __future__ import annotations

from fastapi import APIRouter

from ponts_flows.sandbox.drive.files import SCHEMA
from ponts_flows.sandbox.store import Store

__all__ = ["SCHEMA", "pages"]


def pages(store: Store) -> APIRouter:
    """No page of its own; registers the methods of the service."""
    from ponts_flows.sandbox.drive import api, comments, listing, permissions  # noqa: F401 - after `files`, which their imports need

    return APIRouter()
