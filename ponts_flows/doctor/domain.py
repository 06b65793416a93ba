"""What the DNS says of the mailbox's domain: who takes its mail, who may send for it, and how that is shown."""

from __future__ import annotations

import re

from ponts_flows.doctor import dns
from ponts_flows.doctor.checks import Ill, Looks, NotSeen
from ponts_flows.settings import Settings

GOOGLES_SPF = "_spf.google.com"
_GOOGLES_MX = re.compile(r"(^|\.)(google\.com|googlemail\.com)$")
_MOST_LOOKUPS = 10  # RFC 7208


class Domain:
    """Looks at the records of a mailbox's domain, when a resolver answers."""

    def __init__(self, settings: Settings) -> None:
        self._domain = settings.mailbox.rpartition("@")[2]
        self._selector = settings.dkim_selector
        self._resolver = settings.resolver or (None if settings.google_root else dns.system_resolver())

    @property
    def looks(self) -> Looks:
        """What is looked at, by name."""
        return {"MX": self._mx, "SPF": self._spf, "DKIM": self._dkim, "DMARC": self._dmarc}

    def _records(self, name: str, kind: int) -> tuple[str, ...]:
        if self._resolver is None:
            raise NotSeen("no resolver is asked: PONTS_RESOLVER names one")
        try:
            return dns.records(name, kind, resolver=self._resolver)
        except dns.NoAnswer as why:
            raise NotSeen(str(why)) from why

    def _texts(self, name: str, start: str) -> list[str]:
        found = self._records(name, dns.TXT)
        return [text for text in found if text.strip().casefold().startswith(start)]

    def _mx(self) -> str:
        hosts = self._records(self._domain, dns.MX)
        if not any(_GOOGLES_MX.search(host) for host in hosts):
            raise Ill(
                f"The mail of {self._domain} does not go to Google: answers would not arrive. Have the MX record "
                "`1 smtp.google.com.` added where the domain is administered."
            )
        return "mail goes to Google"

    def _spf(self) -> str:
        records = self._texts(self._domain, "v=spf1")
        if len(records) != 1:
            what = "several SPF records, which count as none" if records else "no SPF record"
            raise Ill(
                f"{self._domain} has {what}. Have one TXT record: `v=spf1 include:{GOOGLES_SPF} ~all`, with what else "
                "sends for the domain."
            )
        if not self._lets_google_send(records[0], set()):
            raise Ill(
                f"The SPF record of {self._domain} does not let Google send. Have `include:{GOOGLES_SPF}` added to it, "
                "before its last word."
            )
        return "Google may send for the domain"

    def _lets_google_send(self, record: str, seen: set[str]) -> bool:
        for word in record.casefold().split():
            name = re.sub(r"^\+?(include:|redirect=)", "", word)
            if name == word or name in seen or len(seen) >= _MOST_LOOKUPS:
                continue
            seen.add(name)
            if name == GOOGLES_SPF or any(
                self._lets_google_send(r, seen) for r in self._texts(name, "v=spf1")
            ):
                return True
        return False

    def _dkim(self) -> str:
        name = f"{self._selector}._domainkey.{self._domain}"
        records = self._records(name, dns.TXT)
        if not any(re.search(r"(^|;)\s*p=[A-Za-z0-9+/]", text) for text in records):
            raise Ill(
                f"There is no DKIM key at {name}: mail is not signed. In Google's admin console, Apps, Gmail, "
                "Authenticate email: generate a key, have it added as a TXT record, then click Start authentication."
            )
        return f"a key is published at {name}"

    def _dmarc(self) -> str:
        labels = self._domain.split(".")
        for start in range(len(labels) - 1):
            domain = ".".join(labels[start:])
            if records := self._texts(f"_dmarc.{domain}", "v=dmarc1"):
                if len(records) == 1 and re.search(
                    r";\s*p=(none|quarantine|reject)\b", records[0].casefold()
                ):
                    return f"a policy is published for {domain}"
                raise Ill(
                    f"The DMARC record of {domain} can't be read, or there are several. Have one: `v=DMARC1; p=none`."
                )
        raise Ill(
            f"{self._domain} has no DMARC record: mailboxes may refuse its mail. Have a TXT record at "
            f"_dmarc.{self._domain}: `v=DMARC1; p=none`."
        )
