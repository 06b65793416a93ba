"""What the headers of a mail tell of its author: a server, a program on behalf of somebody, or nobody's name."""

from __future__ import annotations

import re
from collections.abc import Callable

from ponts_flows.mail.received import parts as p
from ponts_flows.mail.received.addresses import is_daemon
from ponts_flows.mail.received.opened import Opened
from ponts_flows.mail.received.undelivered.delivery_status import Reported

_REPORT_TYPE = re.compile(r"report-type\s*=\s*\"?\s*([\w-]+)")
_SERVER_NAME = re.compile(
    r"mail(?:er)?[ -]d(?:ae|ea)mon|mail deliver\w* (?:sub)?system|interscan (?:mss|notification|messaging)"
)
_ROLE = re.compile(
    r"(?:poo?st|mail|web|host)[._-]?master|root|(?:mail|sys|list)?[._-]?admin(?:istrator)?|system|daemon|mail|smtp"
    r"|(?:no|do[._-]?not)[._-]?reply|notifications?|bounces?(?:[+._-].*)?|owner-.*|complaints?"
    r"|.*[._-](?:admin|bounces?|owner)"
)
_RELAY_SOFTWARE = re.compile(r"<smtp32|m-filter|surfcontrol|mdaemon")
_ABSENT = re.compile(
    r"\W*(?:(?:re|tr|fwd?|aw|wg)\s*:\s*)*\W*(?P<words>absence|absente?s? (?:du|jusqu|de)|r[eé]ponse automatique"
    r"|message automatique|message d.absence|en cong[eé]s?\b|cong[eé]s? (?:annuel|d.[eé]t[eé]|jusqu)|hors du bureau"
    r"|auto(?:matic|mated)?[ -]?(?:reply|response|antwort|matische antwort)|auto\s*:|automatische antwort"
    r"|out of (?:the )?office|abwesenheit|abwesend|nicht im (?:b[uü]ro|haus)|on (?:vacation|holiday|leave)|vacation"
    r"|away (?:until|from)|i am away|respuesta autom|fuera de la oficina|risposta automatica|fuori (?:sede|ufficio)"
    r"|resposta autom|afwezig|autosvar)",
    re.IGNORECASE,
)
# With these a person at `postmaster@` begins a letter.
_GREETING = re.compile(
    r"\s*(?:bonjour|bonsoir|salut|ch[eè]re?s?|madame|monsieur|dear|good (?:morning|afternoon))\b"
)


class Signs:
    """What the headers of a mail tell of its author.

    `names` says, when asked, whether a notice names who was not reached: finding that out takes time.
    """

    def __init__(self, opened: Opened, reported: tuple[Reported, ...], names: Callable[[], bool]) -> None:
        self.opened, self.reported, self.names = opened, reported, names
        headers = opened.headers
        content_type = headers.first("Content-Type").casefold()
        found = _REPORT_TYPE.search(content_type)
        self.report_type = found[1] if found else ""
        self.is_multipart_report = content_type.startswith("multipart/report")
        self.sender = opened.senders[0][1] if opened.senders else ""
        self.from_line = p.decoded(headers.first("From")).casefold()
        paths = headers.all("Return-Path")
        self.null_sender = bool(paths) and (paths[0] in ("", "<>") or "mailer-daemon" in paths[0].casefold())
        self.by_daemon = bool(_SERVER_NAME.search(self.from_line)) or (
            is_daemon(self.sender) and "daemon" in self.sender
        )
        self.submitted = headers.first("Auto-Submitted").casefold()
        self.precedence = headers.first("Precedence").casefold()
        self.hint = hint(opened)

    @property
    def is_automatic(self) -> bool:
        return self.submitted not in ("", "no") and not self.submitted.startswith(("no ", "no;"))

    @property
    def by_role(self) -> bool:
        """Written under a name that no person bears."""
        return _ROLE.fullmatch(self.sender.partition("@")[0]) is not None or not self.sender

    @property
    def by_relay(self) -> bool:
        return _RELAY_SOFTWARE.search(self.opened.headers.first("X-Mailer").casefold()) is not None

    @property
    def by_machine(self) -> bool:
        """By something that is no person's mail program, as far as a header can tell."""
        return self.by_server or (self.by_role and not _GREETING.match(self.opened.text[:100].casefold()))

    @property
    def by_server(self) -> bool:
        return self.by_daemon or self.null_sender or self.is_automatic or self.by_relay

    @property
    def is_whole_report(self) -> bool:
        """Made as a report, or by a machine: no report that a person sends on as a part among others."""
        return (
            self.is_multipart_report
            or self.opened.types[0].startswith(("message/", "text/rfc822"))
            or self.by_machine
        )


def hint(opened: Opened) -> str:
    """The words of the subject that make one think of an absence, or the software that does; a hint, no proof."""
    found = _ABSENT.match(opened.subject[:200])
    if found is not None:
        return found["words"]
    source = opened.headers.first("X-MS-Exchange-Generated-Message-Source")
    return source if "rules agent" in source.casefold() else ""
