"""The answer to a proposed pairing, as its form gives it."""

from __future__ import annotations

from dataclasses import dataclass

from ponts_flows.forms.choices import picked
from ponts_flows.forms.folding import line, paragraph
from ponts_flows.forms.reading import Answers, text_of
from ponts_flows.forms.sentences import problem
from ponts_flows.forms.spec import FormSpec
from ponts_flows.model import Answer, Language, Problem


@dataclass(frozen=True, kw_only=True)
class PairingAnswer:
    """An answer to a proposed pairing. `note` is confidential unless `share_note`; `token` says whose."""

    token: str
    answer: Answer | None
    note: str
    share_note: bool
    problems: tuple[Problem, ...]


def read_answer(spec: FormSpec, answers: Answers, *, language: Language) -> PairingAnswer:
    """Read an answer to a proposed pairing."""
    token = line(text_of(answers, "token"))
    ids = picked(spec.question("answer"), answers.get("answer", ())).ids
    answer = Answer(ids[0]) if len(ids) == 1 else None
    problems = [] if answer else [problem("answer", "answer", language)]
    if not token:
        problems.append(problem("token", "token", language))
    return PairingAnswer(
        token=token,
        answer=answer,
        note=paragraph(text_of(answers, "note")),
        share_note=bool(picked(spec.question("share_note"), answers.get("share_note", ())).ids),
        problems=tuple(problems),
    )
