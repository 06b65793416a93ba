"""Invented people and values for the tests of the mails: those that the gallery shows."""

from __future__ import annotations

from datetime import UTC, datetime

from ponts_flows.mail.samples import IN_CONFIDENCE, MENTOR, OTHERWISE, PROGRAMME, REFERENCE, SAMPLES

__all__ = ["MENTOR", "NOW", "OTHERWISE", "PROGRAMME", "REFERENCE", "SAMPLES", "SECRET"]

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SECRET = IN_CONFIDENCE
