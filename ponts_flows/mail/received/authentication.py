"""What Gmail found out about the sender of a mail, read from the one header that Gmail itself wrote."""

from __future__ import annotations

import re
from dataclasses import dataclass

_AUTHSERV = "mx.google.com"
_LONGEST = 20_000
_RESULT = re.compile(r"([a-z0-9-]+)(?:/[0-9]+)?\s*=\s*([a-z]+)")
_PROPERTY = re.compile(r"([a-z]+\.[a-z-]+)\s*=\s*(\S+)")


@dataclass(frozen=True, kw_only=True)
class _Result:
    method: str
    verdict: str
    properties: tuple[tuple[str, str], ...]

    def domain(self, *names: str) -> str:
        """The domain of the first of these properties that is there."""
        known = dict(self.properties)
        value = next((known[name] for name in names if name in known), "")
        return value.rpartition("@")[2]


def authentication(headers: tuple[str, ...], from_address: str) -> tuple[bool, str]:
    """Say whether Gmail authenticated the From address, and why.

    `headers` are the mail's Authentication-Results, topmost first: Gmail puts its own on top, and those below
    may be forged.
    """
    if not from_address:
        return False, "no single sender"
    found = next(
        (parts for header in headers if (parts := _split(header)) and _authserv(parts[0]) == _AUTHSERV), None
    )
    if found is None:
        return False, "no authentication results of Gmail"
    results = tuple(result for part in found[1:] if (result := _result(part)) is not None)
    return _judged(results, from_address.rpartition("@")[2])


def _judged(results: tuple[_Result, ...], domain: str) -> tuple[bool, str]:
    dmarc = [result for result in results if result.method == "dmarc"]
    if len(dmarc) > 1:
        return False, "several dmarc results"
    if dmarc and dmarc[0].verdict != "none":
        about = dmarc[0].domain("header.from")
        if dmarc[0].verdict == "pass" and about in ("", domain):
            return True, "dmarc=pass"
        return False, f"dmarc={dmarc[0].verdict}"
    for result in results:
        if result.verdict != "pass":
            continue
        if result.method == "dkim" and _aligned(result.domain("header.d", "header.i"), domain):
            return True, "dkim=pass, aligned, no dmarc record"
        if result.method == "spf" and _aligned(result.domain("smtp.mailfrom", "smtp.mail"), domain):
            return True, "spf=pass, aligned, no dmarc record"
    return False, "neither dmarc, nor an aligned dkim or spf"


def _aligned(signer: str, domain: str) -> bool:
    """The signer is the From's domain, or one above it (never a bare top-level one)."""
    return "." in signer and (domain == signer or domain.endswith("." + signer))


def _authserv(part: str) -> str:
    return next(iter(part.split()), "")


def _result(part: str) -> _Result | None:
    found = _RESULT.match(part.strip())
    if found is None:
        return None
    properties = tuple((name, value) for name, value in _PROPERTY.findall(part[found.end() :]))
    return _Result(method=found[1], verdict=found[2], properties=properties)


def _split(header: str) -> list[str]:
    """The header's parts between `;`, in lower case, without comments; quotes split nothing."""
    parts, depth, quoted, skip = [""], 0, False, False
    for character in header[:_LONGEST].casefold():
        if skip:
            skip = False
        elif character == "\\":
            skip = True
        elif character == '"' and not depth:
            quoted = not quoted
        elif quoted:
            continue
        elif character == "(":
            depth += 1
        elif character == ")":
            depth = max(0, depth - 1)
        elif character == ";" and not depth:
            parts.append("")
        elif not depth:
            parts[-1] += character
    return parts
