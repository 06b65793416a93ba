"""Signing up again under another address, by the web form, with all that was said the first time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from ponts_flows import local
from ponts_flows.forms import Answers, FormSpec, match_headings, prefilled, read_rows
from ponts_flows.model import Language, canonical_address
from ponts_flows.players.pages import Pages
from ponts_flows.steps.context import Installation


@dataclass(kw_only=True)
class SignUps:
    """The sign-up files, as each person remembers their own line."""

    pages: Pages
    directory: Path
    installation: Installation
    specs: Mapping[str, FormSpec]
    _said: dict[str, tuple[str, Answers]] = field(default_factory=dict)

    def under(self, old: str, new: str) -> None:
        """Fill in the form again, the old address among the others; nothing for whoever is not in the files."""
        if not self._said:
            self._read()
        if old not in self._said:
            return
        form, answers = self._said[old]
        ids = self.installation.form(form, Language.FRENCH)
        said = {**answers, "email": (new,), "other_emails": (old,)}
        address = urlsplit(prefilled(self.specs[form], ids, said))
        entries = parse_qs(address.query)
        del entries["usp"]
        self.pages.post_json(address.path.replace("viewform", "formResponse"), entries)

    def _read(self) -> None:
        for name in local.SIGNUP_FILES:
            path = self.directory / name
            if not path.exists():
                continue
            form = local.FILES[name]
            headings, *rows = local.read_csv(path)
            spec = self.specs[form]
            responses, _ = read_rows(match_headings(spec, headings), rows, zone=spec.programme.time_zone)
            for response in responses:
                for email in response.answers.get("email", ()):
                    self._said[canonical_address(email)] = (form, response.answers)
