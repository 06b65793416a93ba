"""The words in which mail servers say why, in the languages that graduates' providers speak."""

from __future__ import annotations

import re
from enum import Enum, auto


class Cause(Enum):
    """Why a mail did not arrive."""

    UNKNOWN = auto()
    CLOSED = auto()
    NO_DOMAIN = auto()
    REFUSED = auto()
    FULL = auto()
    UNREACHABLE = auto()
    LATER = auto()
    DELAYED = auto()
    BLOCKED = auto()
    CONTENT = auto()


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


_WHO = r"(?:user|recipient|mailbox|account|address|alias|e-?mail|local part|person|name)"
_QUI = r"(?:destinataire|utilisateur|adresse|bo[iî]te|compte|messagerie)"
_US = r"(?:your|sender'?s?|sending|source|client|remote|connecting) (?:ip|host|server|network|domain|mail ?server)"

_FULL = _any(
    r"quota",
    r"mail(?:box|folder|dir)\b.{0,40}\bfull\b(?! (?:details|headers|list|name))",
    r"full mailbox",
    r"(?:mailbox|user|account|mail file) .{0,30}(?:size|exceed)",
    r"(?:out of|not enough|insufficient) .{0,20}(?:storage|space)",
    r"exceed.{0,40}storage",
    r"disk (?:space|full)",
    r"too many messages on",
    r"bo[iî]te.{0,40}(?:pleine|satur)",
    r"(?:postfach|mailbox).{0,30}\bvoll\b",
    r"buz[oó]n.{0,30}llen",
    r"casella.{0,30}piena",
)
# About who sends, whatever the code says: a refused sender must not pass for a dead address.
_SENDER = _any(
    r"\bspf\b",
    r"\bdkim\b",
    r"\bdmarc\b",
    r"reverse[ -]dns|\brdns\b|\bfcrdns\b|\bptr\b|dns ?ptr",
    r"unauthenticated|not authenticated",
    r"unrout(?:e)?able sender",
    r"(?:sender|envelope from|mail from)\b.{0,40}(?:rejected|denied|invalid|unknown|verif|not (?:exist|found|allowed))",
    r"domain of sender",
    r"(?:[eé]metteur|exp[eé]diteur).{0,30}(?:invalide|refus|bloqu|inconnu)",
    r"not allowed to send",
    r"dns ?bl\b|\brbl\b|spamhaus|spamcop|sorbs|cloudmark|senderscore|barracudacentral",
    r"reputation",
    r"(?:black|block|deny)[ -]?list",
    r"complaint",
    rf"{_US}.{{0,60}}(?:block|ban|reject|list|refus|deni)",
    r"client host (?:rejected|blocked)",
    r"banned|(?:ip|adresse ip).{0,40}bloqu|incident de spam",
)
_UNKNOWN = _any(
    r"(?:user|recipient|address|account|mailbox) unknown",
    r"unknown (?:e?-?mail )?(?:or illegal )?(?:user|recipient|address|account|mailbox|local|alias|e-?mail)",
    r"no such (?:e-?mail )?(?:user|recipient|mailbox|address|person|account|local|name|alias)",
    rf"\b{_WHO}\b.{{0,60}}(?:does(?:n.t| not) exist|do not exist|not exist)",
    rf"\b{_WHO}\b.{{0,60}}(?:not|n.t) (?:be )?(?:found|known|listed|valid|present|recogni[sz]ed|active)",
    rf"\b{_WHO}\b.{{0,60}}(?:is|was|:) (?:unknown|invalid|inactive|unavailable|not available)",
    r"mailbox unavail?able",
    r"(?:invalid|bad|non-?existent) (?:recipient|mailbox|address|user|destination|final delivery)",
    r"recipient (?:address )?(?:rejected|denied|invalid|refused)(?:: access denied|: user|: undeliver|: invalid|: no )",
    r"recipient address rejected[.\s]*(?:\(|\[|$)|address rejected",
    r"recipnotfound|recipient ?not ?found",
    r"not a (?:known|valid|registered|local|mailbox)|is not our customer",
    r"not listed in|no (?:valid )?mailbox|no mail ?box|no valid recipients?",
    r"does(?:n.t| not) have an? .{0,60}account",
    r"badrcptto|validrcptto|allowed rcpthosts",
    r"no one at this address|no longer works|this address no longer accepts|has left",
    r"unrout(?:e)?able (?:mail )?address|cannot route mail to user",
    rf"{_QUI}\b.{{0,60}}(?:inconnu|invalide|inexistant|n.existe|introuvable|erron)",
    r"unbekannt|existiert nicht|nicht (?:gefunden|vorhanden|bekannt)",
    r"desconocid|no existe|sconosciut|inesistente|non esiste|inexistente|n[aã]o existe",
    r"存在しません|見つかりません|リストにありません|宛先不明",
)
_NO_DOMAIN = _any(
    r"nxdomain|null ?mx|no mx\b|non-existent hosts",
    r"domain\b.{0,80}(?:not found|not be found|n.t be found|not exist|n.t exist|unknown|not reachable)",
    r"domain\b.{0,80}(?:not|n.t) (?:receive|accept) e?-?mail",
    r"unknown (?:host|domain)|(?:host|domain) unknown|no such (?:domain|host)",
    r"host not found|host or domain name not found|bad destination (?:host|system)",
    r"unrout(?:e)?able (?:mail )?domain|could ?n.t find any host|name or service not known",
    r"(?:domaine|h[oô]te).{0,40}(?:inconnu|introuvable|inexistant|n.existe)",
)
_CLOSED = _any(
    rf"\b{_WHO}\b.{{0,60}}(?:disabled|inactive|suspended|closed|deactivated|discontinued|expired|terminated|deleted)",
    rf"\b{_WHO}\b.{{0,60}}(?:no longer|has moved|locked|restricted)",
    rf"{_QUI}\b.{{0,60}}(?:d[eé]sactiv|ferm[eé]|archiv|suspend|supprim|bloqu)",
    r"(?:disabled|inactive|suspended|deactivated) (?:user|recipient|mailbox|account|address)",
)
_CONTENT = _any(
    r"(?:message|mail|file|attachment) (?:size|is too|too) ?(?:large|big|exceed|limit)?",
    r"too (?:large|big)\b|size limit|sizelimit|exceeds (?:the )?(?:maximum|size|limit)",
    r"taille .{0,30}(?:limite|maxim)|trop (?:gros|volumineu|lourd)|zu gro(?:ß|ss)",
)
_LATER = _any(
    r"too many (?:connections|messages|recipients|concurrent|errors)",
    r"rate[ -]?limit|receiving mail (?:at a rate|too quickly)|throttl|too fast",
    r"gr[ea]y-?list",
    r"try (?:again |your message )?(?:again )?later|come back later|temporar|deferred",
    r"essayer plus tard|r[eé]essayer|temporaire|trop de connexions|sp[aä]ter",
)
_UNREACHABLE = _any(
    r"time[d-]?[ -]?out|lost connection|no route to|unreachable|not responding|did not respond|no answer",
    r"connection (?:was )?(?:refused|reset|dropped|failed|closed|attempt|could)",
    r"(?:could ?n.t|could not|can ?not|can.t|unable to|not able to|n.t able to) (?:connect|establish|reach)",
    r"did not accept our requests|socket error",
    r"too many hops|hop count|loop|queue too long|too long in queue|retry time|retries|(?:was|has) expired",
    r"(?:host|host ?name|dns|name ?server|name service|mx).{0,20}(?:lookup|fail|error|query|problem|issue)",
    r"\btls\b|not delivered within|delivery time|ne r[eé]pond pas|injoignable",
)
_BLOCKED = _any(
    r"spam|unsolicited|\bjunk\b|virus|malware|phish|suspicious|ind[eé]sirable",
    r"policy|policies|polic[ií]a|politique|security|s[eé]curit[eé]|prohibited|forbidden|administrative",
    r"blocked|bloqu|filter|filtr",
    r"access denied|not authori[sz]ed|unauthori[sz]ed|not permitted|permission|authenticat|authentifi",
    r"mail rejet|message rejet|content (?:reject|not accept|denied)|rejected (?:for|by|due)",
)
# In order: what is said of the sender or the box weighs more than what looks like an unknown address.
WORDS = (
    (Cause.UNKNOWN, True, _any(r"account or domain may not exist")),
    (Cause.BLOCKED, True, _any(r"sending (?:quota|limit)")),
    (Cause.FULL, True, _FULL),
    (Cause.BLOCKED, True, _SENDER),
    (Cause.NO_DOMAIN, True, _NO_DOMAIN),
    (Cause.UNKNOWN, True, _UNKNOWN),
    (Cause.CLOSED, True, _CLOSED),
    (Cause.CONTENT, True, _CONTENT),
    (Cause.LATER, False, _LATER),
    (Cause.UNREACHABLE, False, _UNREACHABLE),
    (Cause.BLOCKED, False, _BLOCKED),
)
