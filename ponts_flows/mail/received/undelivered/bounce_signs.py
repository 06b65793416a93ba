"""The words by which a delivery notice is known when it has no part made for it."""

from __future__ import annotations

import re

_READ = 6000


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


_REMIS = r"(?:remis|distribu|d[eé]livr|livr|achemin|envoy)"

_SUBJECT = _any(
    r"un-?deliver|non-?deliver|not (?:been )?delivered|unable to deliver",
    r"deliver\w* (?:has |have )?(?:fail|status|report|notification|problem|error|delay|incomplete)",
    r"fail(?:ed|ure) (?:mail )?deliver|failure notice|failed mail|mail (?:deliver\w* )?(?:failure|failed)",
    r"return(?:ed|ing) (?:mail|message)|mail returned|returned to sender",
    r"mail (?:system )?error|error sending|could ?n[o']t (?:be )?(?:send|sent|deliver)",
    r"delayed mail|still being retried|warning: (?:could not|message)",
    r"(?:user|host) unknown|\[bounce\]|bounced",
    r"(?:message|mail) (?:was |has been )?(?:rejected|blocked|delayed)",
    r"[eé]chec (?:de|d.)|avis de non|remise (?:retard|diff|impossible)|[eé]tat de (?:la )?remise",
    rf"non[- ]{_REMIS}|n.a pas (?:pu [eê]tre|[eé]t[eé]) {_REMIS}|impossible de (?:remettre|distribuer)",
    r"nicht zugestellt|zustell(?:ung|fehler)|unzustellbar",
    r"no (?:entregado|se ha podido entregar)|devuelto|mancat[ao] (?:consegna|recapito)|n[aã]o entregue",
    r"配信できません|配信に失敗|送信できません|届きません|配信エラー|配信不能",
)
_TEXT = _any(
    r"(?:not|n.t)(?: yet)?(?: be| been)? (?:\w+ )?(?:deliver|reach|relay)|unable to (?:deliver|send)|undeliver",
    r"deliver\w* (?:to the following|has failed|failed|attempts?|status notification|was aborted|problem|error)",
    r"did not reach|had trouble delivering|problem delivering|permanent (?:fatal )?(?:error|failure)",
    r"could ?(?:not|n.t) be (?:sent|deliver)|created automatically by mail|failed recipient",
    r"following (?:address|recipient|user)\S* (?:\w+ ){0,3}(?:fail|had|were|was|did|could|can|:)",
    r"transcript of|rejected (?:your message|recipient|by)|returned (?:to (?:you|the sender)|mail|message)",
    r"error message below|failure reasons|server message|was automatically rejected",
    r"unknown (?:user|recipient|host|mailbox|address)|(?:user|host|recipient) unknown|no such user",
    r"mailbox (?:is )?full|over quota",
    r"\b[45]\d\d[ -]#?[45]\.\d\.\d|(?:<<<|>>>) \w+|rcpt to",
    rf"n.a (?:pas|pu) .{{0,20}}{_REMIS}|(?:pas|non) (?:pu )?[eê]tre {_REMIS}",
    r"impossible de (?:remettre|distribuer|d[eé]livrer|livrer)",
    r"[eé]chec de (?:la )?(?:remise|distribution|livraison)",
    r"nicht (?:zugestellt|ausgeliefert|zustellen)|no (?:se )?(?:ha )?(?:pud|podido)\w* (?:ser )?entreg",
    r"(?:impossibile|non .{0,20}possibile) (?:consegnare|recapitare)|non .{0,20}(?:consegnato|recapitato)",
    r"配信できません|配信に失敗|送信に失敗|送信できません|届けられません|配信されません",
)
# At its beginning alone: what follows may be the subject of the mail that was sent.
_DELAY = re.compile(
    r"\W*(?:warning: (?:could not send|message \S+ delayed)|delayed mail|(?:mail )?(?:delivery|message) delayed"
    r"|delivery status notification \(delay|delayed\b|(?:remise|message|courriel) (?:retard|diff)|verz[oö]ger"
    r"|zustellung verz|entrega (?:retrasada|aplazada))"
)
_STILL_TRIED = _any(
    r"not yet been delivered|delivery attempts will (?:be )?continue|will (?:continue|keep) (?:to )?(?:try|be re)",
    r"will be retried|will retry|still trying|warning message only|not need to (?:re-?send|do anything|take any)",
    r"no action is required|been delayed|de nouvelles tentatives|(?:va|vont) (?:continuer|r[eé]essayer)",
)
_GIVEN_UP = _any(r"permanent|giv(?:en|ing) up|not going to try again|has failed|failed permanently")
_PASSED_ON = re.compile(
    r"\s*(?:re|fwd?|tr|rv|wg|aw|antw|vs|sv|r[eé]f|i|enc)\s*(?:\[\d+\])?\s*:", re.IGNORECASE
)


def is_passed_on(subject: str) -> bool:
    """Whether a subject begins as those of replies and forwarded mails do."""
    return _PASSED_ON.match(subject) is not None


def subject_tells(subject: str) -> bool:
    """Whether a subject is that of a delivery notice."""
    return _SUBJECT.search(subject[:500].casefold()) is not None


def text_tells(notice: str) -> bool:
    """Whether a text speaks of a delivery that failed."""
    return _TEXT.search(_words(notice)) is not None


def still_tried(subject: str, notice: str) -> bool:
    """Whether a notice says that the server has not given up."""
    if _DELAY.match(subject[:500].casefold()):
        return True
    words = _words(notice)
    return _STILL_TRIED.search(words) is not None and _GIVEN_UP.search(words) is None


def _words(notice: str) -> str:
    return " ".join(notice[:_READ].casefold().split())
