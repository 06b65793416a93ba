"""What the words of short answers mean: the senses, and the vocabulary kept beside in three text files.

`words_around.txt` serves every question; `words_answers.txt` a yes or a no; `words_meetings.txt` a meeting.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache
from importlib import resources

from ponts_flows.forms.folding import nearest
from ponts_flows.mail.received.meaning.spelling import BREAKS, spelled

_LEAST_CORRECTED = 8
"""Letters: one slip in a shorter word may make another word."""


class Sense(StrEnum):
    """What a phrase brings to an answer. The value, in French, names its list in the vocabulary."""

    YES = "oui"
    NO = "non"
    AGREE = "accord"
    ACCEPT = "accepter"
    DECLINE = "refuser"
    MENTOR = "accompagner"
    GO_ON = "continuer"
    COME = "venir"
    TOPIC = "sujet"
    TERM = "durée"
    CAN = "pouvoir"
    WANT = "vouloir"
    COND = "conditionnel"
    WEAK = "accusé de réception"
    MET = "rencontrés"
    MET_IF = "rencontrés peut-être"
    NOT_YET = "pas encore"
    NEXT = "prochaine"
    AGAIN = "à nouveau"
    NTH = "énième"
    PLAN = "prévu"
    APPOINTMENT = "rendez-vous"
    PENDING = "à fixer"
    MEETING = "rencontre"
    WAY = "moyen"
    NOT = "négation"
    NE = "ne"
    YET = "yet"
    BUT = "mais"
    ME = "moi"
    THEM = "l’autre"
    LINK = "liaison"
    VERY = "intensité"
    NOW = "en ce moment"
    SORRY = "excuses"
    REGRET = "regret"
    BUSY = "empêchement"
    GLAD = "appréciation"
    THANKS = "merci"
    HELLO = "bonjour"
    BYE = "au revoir"
    ASK = "question"
    DOUBT = "doute"
    TROUBLE = "difficulté"
    AWAY = "absence"
    CANCELLED = "annulé"
    WAITING = "attente"
    ADDRESS = "adresse"
    EITHER = "ou"
    VAGUE = "vague"
    MORE = "précision"
    ALREADY = "déjà dit"
    STOP = "stop"
    STOPPING = "arrêter"
    CALL = "appel"
    # Not of the vocabulary: found in the text by what they look like.
    DAY = "date"
    HOUR = "heure"
    NUMBER = "nombre"
    NAME = "nom"
    BREAK = "pause"
    UNKNOWN = "inconnu"


_ENDS = BREAKS | {"et", "and"}
POLITE = frozenset({Sense.THANKS, Sense.SORRY, Sense.HELLO, Sense.BYE, Sense.NAME})
HELD = frozenset({Sense.MET, Sense.MET_IF})
TO_COME = frozenset({Sense.NEXT, Sense.AGAIN, Sense.PLAN})
OF_MEETINGS = HELD | TO_COME | {Sense.APPOINTMENT, Sense.PENDING, Sense.MEETING}
VERBS = frozenset({Sense.ACCEPT, Sense.GO_ON, Sense.COME})
"""What one does by answering: a negation turns it."""
MODALS = frozenset({Sense.CAN, Sense.WANT, Sense.COND})
TOPICS = frozenset({Sense.MENTOR, Sense.TOPIC, Sense.TERM})

# Listed by question: what they mean for the one, they need not for the other.
_BY_QUESTION = {Sense.LINK, Sense.ALREADY, Sense.CANCELLED, Sense.WAITING, Sense.MORE}


class Vocabulary:
    """Phrases and their senses."""

    def __init__(self, senses: Mapping[tuple[str, ...], Sense]) -> None:
        self._anywhere = {phrase: sense for phrase, sense in senses.items() if phrase[-1] != "$"}
        self._at_end = {phrase[:-1]: sense for phrase, sense in senses.items() if phrase[-1] == "$"}
        lengths: dict[str, set[int]] = defaultdict(set)
        for phrase in (*self._anywhere, *self._at_end):
            lengths[phrase[0]].add(len(phrase))
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}
        self._words = {word for phrase in senses for word in phrase}
        self._shorn: dict[str, set[str]] = defaultdict(set)
        for word in self._words:
            if len(word) >= _LEAST_CORRECTED:
                for form in _one_letter_less(word):
                    self._shorn[form].add(word)

    def corrected(self, word: str) -> str:
        """A long word that is one slip away from one of the vocabulary, as that one."""
        if len(word) < _LEAST_CORRECTED or word in self._words:
            return word
        near = {other for form in _one_letter_less(word) for other in self._shorn.get(form, ())}
        return nearest(word, near) or word

    def at(self, words: Sequence[str], place: int) -> tuple[int, Sense] | None:
        """The longest phrase that starts at a place: how many words it takes, and its sense."""
        for length in self._lengths.get(words[place], ()):
            end = place + length
            phrase = tuple(words[place:end])
            if phrase in self._at_end and (end >= len(words) or words[end] in _ENDS):
                return length, self._at_end[phrase]
            if phrase in self._anywhere:
                return length, self._anywhere[phrase]
        return None


def _one_letter_less(word: str) -> set[str]:
    """A word, and the word without each of its letters: two words one slip apart have one in common."""
    return {word, *(word[:n] + word[n + 1 :] for n in range(len(word)))}


@cache
def vocabulary(about: str) -> Vocabulary:
    """The words of answers to a question: `answers`, a yes or a no; `meetings`, whether the two met."""
    other = _read({"answers": "meetings", "meetings": "answers"}[about])
    # Of the other question's words, those that tell that the answer is to another question.
    kept = frozenset(Sense) - _BY_QUESTION - {Sense.YES, Sense.NO}
    foreign = {phrase: sense for phrase, sense in other.items() if sense in kept}
    return Vocabulary(foreign | _read("around") | _read(about))


@cache
def _read(name: str) -> dict[tuple[str, ...], Sense]:
    return dict(phrases_of(name))


def phrases_of(name: str) -> Iterator[tuple[tuple[str, ...], Sense]]:
    """Every phrase of a word list, in each of its forms, with its sense."""
    text = (resources.files(__package__) / f"words_{name}.txt").read_text("utf-8")
    sense = Sense.UNKNOWN
    for line in text.splitlines():
        if line.startswith("["):
            sense = Sense(line.strip("[] "))
        elif not line.startswith("#"):
            for phrase in line.split(","):
                for form in _forms(phrase.strip()):
                    yield form, sense


def _forms(phrase: str) -> Iterator[tuple[str, ...]]:
    """Every way in which a phrase of the vocabulary can be written."""
    parts = [_choices(part) for part in re.findall(r"(?:[^\s()]|\([^)]*\))+", phrase)]
    for chosen in itertools.product(*parts):
        words = " ".join(chosen)
        end = ("$",) if words.endswith("$") else ()
        if found := tuple(spelled(words).split()):
            yield (*found, *end)


def _choices(part: str) -> list[str]:
    """`(très)`: it or nothing; `a|b`: either; `vu(e)(s)`: with or without each ending."""
    if re.fullmatch(r"\([^)]*\)", part):
        return ["", *part[1:-1].split("|")]
    return [
        "".join(ending)
        for word in part.split("|")
        for ending in itertools.product(
            *(
                [piece] if i % 2 == 0 else ["", piece]
                for i, piece in enumerate(re.split(r"\(([^)]*)\)", word))
            )
        )
    ]
