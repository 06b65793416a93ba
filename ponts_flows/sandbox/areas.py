"""The areas of the sandbox: each has its tables (`SCHEMA`), its handlers and its pages (`pages(store)`)."""

from __future__ import annotations

from ponts_flows.sandbox import control, drive, forms, gmail, sheets

ALL = (control, drive, forms, gmail, sheets)
