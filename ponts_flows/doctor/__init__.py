"""What the programme needs, looked at thing by thing: each is well, or ill with its remedy, or can't be looked at."""

from __future__ import annotations

from ponts_flows.doctor.checks import Check, as_json, as_text, looked_at
from ponts_flows.doctor.domain import Domain
from ponts_flows.doctor.installation import Doctor
from ponts_flows.doctor.machine import disk
from ponts_flows.doctor.prefect import Prefect
from ponts_flows.errors import SettingsError
from ponts_flows.settings import Settings, load

__all__ = ["Check", "Doctor", "as_json", "as_text", "examine", "examined"]


def examine(settings: Settings) -> tuple[Check, ...]:
    """Every check of an installation, in an order in which the first that is ill explains those that follow."""
    return (
        *Doctor(settings).examine(),
        *looked_at(Domain(settings).looks),
        *looked_at(Prefect(settings).looks),
        *looked_at({"disk": lambda: disk(settings.directory, least_megabytes=settings.least_disk)}),
    )


def examined() -> tuple[Check, ...]:
    """Every check of the installation that the environment's settings lead to."""
    try:
        settings = load()
        settings.programme  # noqa: B018 - its file may be wrong
    except SettingsError as ill:
        return (Check(name="settings", well=False, said=str(ill)),)
    return examine(settings)
