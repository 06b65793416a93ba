"""How people end what they write, in the languages that they write to us in."""

from __future__ import annotations

import re

from ponts_flows.mail.received.answer.lines import LONGEST_TEXT, plain


def _phrases(table: str) -> str:
    return "|".join(phrase for line in table.strip().split("\n") for phrase in line.strip().split(" | "))


# Nothing but a signature follows these …
_CLOSINGS = _phrases("""
(?:(?:bien|très|fort|plus) )?(?:cordialement|amicalement|sincèrement|respectueusement|chaleureusement)
cdt | cdlt | bien cdt | bàv | bàt | amitiés | (?:très )?bien à (?:vous|toi)(?: deux| tous)?
(?:(?:bien )?cordiales |sincères |meilleures |respectueuses )?salutations(?: distinguées| cordiales| les meilleures)?
(?:avec |en )?(?:tous )?mes (?:remerciements|salutations)(?: distinguées| les meilleures)?
(?:veuillez|je vous prie) (?:d')?(?:agréer|recevoir|croire)[^?]{0,150}
(?:best|kind|kindest|warm|warmest) (?:regards|wishes) | regards | sincerely | yours(?: sincerely| truly| faithfully)?
(?:mit )?(?:freundlichen|herzlichen|besten|lieben) grüßen | (?:viele|liebe|beste|herzliche) grüße | mfg
(?:un )?(?:cordial )?saludos?(?: cordial(?:es)?)? | atentamente | (?:cordiali |distinti )?saluti
(?:met )?vriendelijke groet(?:en)? | groet(?:en|jes)? | atenciosamente | cumprimentos
""")
# … and these begin sentences too: a name must follow, or nothing.
_WISHES = _phrases("""
(?:bonne|belle|excellente) (?:journée|soirée|semaine|fin de journée|fin de semaine|continuation|réception)
bon(?:ne)? (?:week-end|weekend|après-midi) | à (?:très )?bientôt | a bientot | à très vite | à plus(?: tard)?
(?:un grand |mille )?mercis?(?: beaucoup| encore| infiniment| d'avance| par avance)? | à (?:vous|toi)
best | cheers | (?:many )?thanks(?: again| a lot| in advance)? | thank you(?: very much| again| in advance)?
take care | all the best | have a (?:nice|good|great) (?:day|evening|week|weekend)
un abrazo | gracias | muchas gracias | grazie | danke | vielen dank | lg | obrigad[oa] | abraços? | bedankt
""")
_SIGN_OFF = re.compile(
    rf"(?:(?P<closing>{_CLOSINGS})|{_WISHES})(?:(?:,| et| and|\.| !|!| -){{1,2}} (?P<second>{_CLOSINGS}|{_WISHES}))?"
    r"(?: à (?:vous|toi|tous))? ?[,.!;:)]{0,3}(?P<name>(?: [^\s,.!?;:]+){0,4})[.,!]?",
    re.IGNORECASE,
)
_MOST_BELOW, _LONGEST_BELOW, _LONGEST_CLOSING = 8, 70, 200
_POSTSCRIPT = re.compile(r"(?:p\.? ?-?s\.?|post-scriptum|nb|n\.b\.)(?!\w)", re.IGNORECASE)
_PARTICLES = frozenset("de du des le la d' von van der den et and & - / |".split())
_ANSWERS = frozenset("oui non yes no ok nein ja si sí pas bien".split())
_LONGEST_NAME = 4
_DELIMITER = "--"


def unsigned(text: str) -> str:
    """The new text without its signature: without what follows `-- `, or a sign-off and a name.

    For reading what is meant: when nothing else would be left, the whole text.
    """
    lines = text[:LONGEST_TEXT].split("\n")
    written = [i for i, line in enumerate(lines) if line.strip()]
    end = next((i for i in written[1:] if lines[i].rstrip() == _DELIMITER), len(lines))
    last = [i for i in written if i < end]
    for rank in range(max(1, len(last) - 1 - _MOST_BELOW), len(last)):
        if _signs_off(plain(lines[last[rank]]).strip(), [plain(lines[i]).strip() for i in last[rank + 1 :]]):
            end = last[rank]
            break
    return "\n".join(lines[:end]).strip()


def _signs_off(line: str, below: list[str]) -> bool:
    if not 2 <= len(line) <= _LONGEST_CLOSING or (found := _SIGN_OFF.fullmatch(line)) is None:
        return False
    if not _may_be_name(found["name"]) or any(map(_says_something, below)):
        return False
    return found["closing"] is not None or not below or _may_be_name(below[0])


def _may_be_name(text: str) -> bool:
    words = [word for word in text.replace(".", " ").split() if word.casefold() not in _PARTICLES]
    if any(word.casefold().strip(",;!") in _ANSWERS or any(map(str.isdigit, word)) for word in words):
        return False
    return len(words) <= _LONGEST_NAME and (len(words) < 2 or all(word[0].isupper() for word in words))


def _says_something(line: str) -> bool:
    """Too long for a signature, a question, a sentence, an answer, a postscript."""
    words = line.casefold().replace(",", " ").replace(".", " ").split()
    return (
        len(line) > _LONGEST_BELOW
        or line.endswith("?")
        or (line.endswith((".", "!")) and len(words) > _LONGEST_NAME)
        or (bool(words) and words[0] in _ANSWERS)
        or _POSTSCRIPT.match(line) is not None
    )
