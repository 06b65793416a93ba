"""Mail addresses as servers write them in their notices."""

from __future__ import annotations

import re

from ponts_flows.model import canonical_address

# Bounded on both sides, so that no line of letters keeps it busy.
ADDRESS = r"(?:\"[^\"\s@]{1,64}\"|[\w.!#$%&'*+/=?^`{|}~-]{1,64})@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
_ADDRESS = re.compile(rf"(?<![\w.+-]){ADDRESS}")
_ROUTE = re.compile(r"@[\w.,@-]{1,200}:(?=[^\s@]{1,64}@)")
_DAEMONS = re.compile(
    r"(?:mailer|mail|m|mail[ _.-]?delivery)[ _.-]?d(?:ae|ea)mon|(?:p|poo)ost[ _.-]?master|abuse|mmdf"
)


def first_address(text: str) -> str:
    """The first address of a text, canonical; empty when there is none."""
    found = _ADDRESS.search(_ROUTE.sub("", text[:1000]).replace("mailto:", " "))
    return canonical_address(found[0].strip("'\"`").rstrip(".-")) if found else ""


def is_daemon(address: str) -> bool:
    """Whether a server answers under this name, and no person."""
    return _DAEMONS.fullmatch(address.partition("@")[0]) is not None
