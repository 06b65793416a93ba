"""Sample sign-ups of invented people, in the shape of an association's response sheets."""

from __future__ import annotations

from pathlib import Path

SIGNUPS = Path(__file__).parent / "signups"
