"""Where the texts that travel with the code are: the web forms and the mails."""

from __future__ import annotations

from pathlib import Path

from ponts_flows.errors import SettingsError

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """The folder `forms` or `templates`, in a checkout as in an installed wheel; SettingsError without it.

    A checkout has it beside the package, a wheel inside it under `_forms` or `_templates`.
    """
    checkout = _PACKAGE.parent
    # A folder of the same name next to an installed package could be anybody's: only a checkout counts.
    if (checkout / "pyproject.toml").is_file() and (checkout / name).is_dir():
        return checkout / name
    if (_PACKAGE / f"_{name}").is_dir():
        return _PACKAGE / f"_{name}"
    raise SettingsError(f"The folder {name!r} is not installed with ponts_flows: install the package again.")
