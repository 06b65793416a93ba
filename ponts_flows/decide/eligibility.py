"""Whether an application fits: complete, and its author paid up. Seniority is checked pair by pair."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ponts_flows.decide.names import name_keys
from ponts_flows.forms.reading import Reading, Respondent
from ponts_flows.forms.register import Register
from ponts_flows.lifecycle import ApplicationStage
from ponts_flows.model import Member, Problem, Profile

S = ApplicationStage


class Reason(StrEnum):
    """Why a verdict is what it is. Stored: never renamed."""

    TO_CORRECT = "to_correct"
    PAID = "paid"
    CONFIRMED = "confirmed"
    UNKNOWN = "unknown"
    UNPAID = "unpaid"
    EXPIRED = "expired"
    SAME_NAME = "same_name"
    HOMONYMS = "homonyms"
    DATE_UNREADABLE = "date_unreadable"
    NOT_THE_SAME = "not_the_same"


@dataclass(frozen=True, kw_only=True)
class Membership:
    """What the register says of a person.

    `member_key`: the member it is; `candidates`: the members it may be, when a coordinator must say.
    `valid_until`: the last day paid for, where the register gives one; of several candidates, the first to end.
    """

    stage: ApplicationStage
    reason: Reason
    member_key: str | None = None
    candidates: tuple[str, ...] = ()
    valid_until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Where an application stands today, and why; `problems` when it is incomplete."""

    stage: ApplicationStage
    reason: Reason
    member_key: str | None = None
    candidates: tuple[str, ...] = ()
    valid_until: date | None = None
    problems: tuple[Problem, ...] = ()


def verdict(reading: Reading, register: Register, *, today: date, confirmed: bool | None = None) -> Verdict:
    """Judge an application. `confirmed`: what a coordinator said of a member found by name, None before."""
    if reading.profile is None:
        return Verdict(stage=S.INCOMPLETE, reason=Reason.TO_CORRECT, problems=reading.problems)
    found = membership(reading.profile, register, today=today, confirmed=confirmed)
    return Verdict(
        stage=found.stage,
        reason=found.reason,
        member_key=found.member_key,
        candidates=found.candidates,
        valid_until=found.valid_until,
    )


def membership(
    person: Profile | Respondent, register: Register, *, today: date, confirmed: bool | None = None
) -> Membership:
    """Look a person up: by any address, which decides; else by name and year, which a coordinator confirms.

    Of several members with one of the addresses, one paid up is enough. A member who paid but whose date
    can't be read is for a coordinator to confirm, rather than asked for dues again.
    """
    known = _distinct(member for address in person.emails for member in register.by_address.get(address, ()))
    if known:
        return _by_address(known, today, confirmed)
    return _by_name(_namesakes(person, register), today, confirmed)


def explained(found: Verdict | Membership) -> str:
    """The reason in French, for the board. It holds no free text."""
    until = f" jusqu'au {found.valid_until:%d/%m/%Y}" if found.valid_until else ""
    member = found.member_key or ", ".join(found.candidates)
    match found.reason:
        case Reason.TO_CORRECT:
            fields = dict.fromkeys(problem.field for problem in getattr(found, "problems", ()))
            return f"À corriger par la personne : {', '.join(_LABELS.get(field, field) for field in fields)}."
        case Reason.PAID:
            return f"Cotisation à jour{until} (adhérent {member})."
        case Reason.CONFIRMED:
            return f"Adhésion confirmée par la coordination (adhérent {member})."
        case Reason.UNKNOWN:
            return "Absent du registre des cotisants, par l'adresse comme par le nom et la promotion."
        case Reason.UNPAID:
            return f"Cotisation non réglée (adhérent {member})."
        case Reason.EXPIRED:
            return f"Cotisation échue : réglée{until} (adhérent {member})."
        case Reason.SAME_NAME:
            return (
                f"Même nom et même promotion que l'adhérent {member}, sous une autre adresse : à confirmer."
            )
        case Reason.HOMONYMS:
            return f"Plusieurs adhérents de ce nom et de cette promotion ({member}) : à confirmer."
        case Reason.DATE_UNREADABLE:
            return f"Cotisation réglée, mais date illisible au registre (adhérent {member}) : à confirmer."
        case Reason.NOT_THE_SAME:
            return (
                f"Même nom qu'un adhérent ({member}), mais la coordination a dit que c'est quelqu'un d'autre."
            )


_LABELS = {
    "email": "adresse e-mail",
    "last_name": "nom",
    "first_name": "prénom",
    "career_start": "début de carrière",
    "languages": "langues",
    "themes": "thèmes",
    "capacity": "nombre de mentees",
    "charter": "charte à accepter",
}


def _by_address(known: tuple[Member, ...], today: date, confirmed: bool | None) -> Membership:
    paid = [member for member in known if member.paid_up(today)]
    if paid:
        return _of(S.ELIGIBLE, Reason.PAID, max(paid, key=_validity))
    unclear = [member for member in known if member.says_paid and member.unreadable]
    if unclear:
        return _asked(tuple(unclear), Reason.DATE_UNREADABLE, confirmed)
    return _owing(known)


def _by_name(namesakes: tuple[Member, ...], today: date, confirmed: bool | None) -> Membership:
    paid = tuple(
        member for member in namesakes if member.paid_up(today) or (member.says_paid and member.unreadable)
    )
    if not namesakes:
        return Membership(stage=S.MEMBERSHIP_MISSING, reason=Reason.UNKNOWN)
    if not paid:
        return _owing(namesakes)
    return _asked(paid, Reason.HOMONYMS if len(namesakes) > 1 else Reason.SAME_NAME, confirmed)


def _asked(candidates: tuple[Member, ...], reason: Reason, confirmed: bool | None) -> Membership:
    """What a coordinator's word makes of members who may be the person."""
    keys = tuple(member.key for member in candidates)
    match confirmed:
        case None:
            first = min((member.valid_until for member in candidates if member.valid_until), default=None)
            return Membership(stage=S.REVIEW_MEMBERSHIP, reason=reason, candidates=keys, valid_until=first)
        case True:
            return _of(S.ELIGIBLE, Reason.CONFIRMED, max(candidates, key=_validity))
        case False:
            stage, why = S.MEMBERSHIP_MISSING, Reason.NOT_THE_SAME
            return Membership(stage=stage, reason=why, candidates=keys)


def _owing(known: tuple[Member, ...]) -> Membership:
    last = max(known, key=_validity)
    lapsed = last.says_paid and last.valid_until is not None
    return _of(S.MEMBERSHIP_MISSING, Reason.EXPIRED if lapsed else Reason.UNPAID, last)


def _of(stage: ApplicationStage, reason: Reason, member: Member) -> Membership:
    return Membership(stage=stage, reason=reason, member_key=member.key, valid_until=member.valid_until)


def _validity(member: Member) -> tuple[bool, date, str]:
    """Paid members first, the longest validity, then the key: the order of the register changes nothing."""
    without_end = member.says_paid and not member.unreadable
    return member.says_paid, member.valid_until or (date.max if without_end else date.min), member.key


def _namesakes(person: Profile | Respondent, register: Register) -> tuple[Member, ...]:
    if person.graduation_year is None:
        return ()
    keys = name_keys(person.first_name, person.last_name)
    members = register.by_year.get(person.graduation_year, ())
    return tuple(m for m in members if not keys.isdisjoint(name_keys(m.first_name, m.last_name)))


def _distinct(members: Iterable[Member]) -> tuple[Member, ...]:
    return tuple(dict.fromkeys(members))
