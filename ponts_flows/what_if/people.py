"""From sign-up files to who can be paired, and who can't and why, by the programme's own reading and rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from ponts_flows.decide.eligibility import Reason, Verdict, explained, verdict
from ponts_flows.decide.matching import Candidate, Pool
from ponts_flows.forms import FormSpec, RawResponse, Received, Register, Succession, latest, load, read
from ponts_flows.lifecycle import ApplicationStage
from ponts_flows.model import Language, Role
from ponts_flows.programme import Programme
from ponts_flows.what_if.remarks import Remark, expected
from ponts_flows.what_if.sign_ups import Sheets, last_day, read_members, read_responses

S = ApplicationStage
_TO_CONFIRM = "Vérifier si c'est bien cet adhérent, et ajouter cette adresse au registre."
_HELP_FR = {
    Reason.UNKNOWN: "Adhérer, ou ajouter cette adresse au registre.",
    Reason.UNPAID: "Régler la cotisation.",
    Reason.EXPIRED: "Régler la cotisation.",
    Reason.SAME_NAME: _TO_CONFIRM,
    Reason.HOMONYMS: _TO_CONFIRM,
    Reason.DATE_UNREADABLE: "Corriger la date au registre.",
}


@dataclass(frozen=True, kw_only=True)
class SetAside:
    """Someone who signed up and can't be paired: where they are in the files, why, and what would help."""

    role: Role
    name: str
    email: str
    file: str
    row: int
    reason: Reason
    words_fr: str
    help_fr: str


@dataclass(frozen=True, kw_only=True)
class People:
    """Who signed up, as of a day: `read` responses of each role, of which these people can be paired.

    `day` is None when no response has a date. `checked`: a register said who is paid up.
    """

    day: date | None
    checked: bool
    read: Mapping[Role, int]
    mentees: tuple[Candidate, ...]
    mentors: tuple[Candidate, ...]
    set_aside: tuple[SetAside, ...]
    remarks: tuple[Remark, ...]

    @property
    def pool(self) -> Pool:
        """All of them, with no history."""
        return Pool(mentees=self.mentees, mentors=self.mentors)

    def of(self, role: Role) -> tuple[Candidate, ...]:
        """Those of one role who can be paired."""
        return self.mentors if role is Role.MENTOR else self.mentees


def read_people(sheets: Sheets, programme: Programme, on: date | None) -> People:
    """Read everyone who signed up. `on` None: as of the last response, so that the files alone decide."""
    specs = {role: load(role.value, programme) for role in Role}
    found = {role: read_responses(specs[role], sheets.of(role), programme) for role in Role}
    responses = {role: read for role, (read, _) in found.items()}
    last, late = (on, []) if on else last_day(responses, sheets, programme)
    day = last or date.min  # without a response there is nobody to judge
    register, doubts = read_members(sheets.members, programme, day) if sheets.members else (None, [])
    judging = _Judging(sheets, programme, register, day)
    received = [one for role in Role for one in judging.received(specs[role], responses[role])]
    for person in latest(received):
        judging.judge(person)
    remarks = [*(one for _, said in found.values() for one in said), *late, *doubts, *judging.remarks]
    return People(
        day=last,
        checked=register is not None,
        read={role: len(read) for role, read in responses.items()},
        mentees=tuple(judging.candidates[Role.MENTEE]),
        mentors=tuple(judging.candidates[Role.MENTOR]),
        set_aside=tuple(judging.set_aside),
        remarks=tuple(sorted(remarks)),
    )


class _Judging:
    """Responses being judged, one person after the other."""

    def __init__(self, sheets: Sheets, programme: Programme, register: Register | None, day: date) -> None:
        self.sheets, self.programme, self.register, self.day = sheets, programme, register, day
        self.candidates: dict[Role, list[Candidate]] = defaultdict(list)
        self.set_aside: list[SetAside] = []
        self.remarks: list[Remark] = []
        self._row_of: dict[str, int] = {}
        self._row_of_member: dict[tuple[Role, str], int] = {}

    def received(self, spec: FormSpec, responses: Iterable[RawResponse]) -> Iterator[Received]:
        """The responses read, a copied row once."""
        for response in responses:
            # Of what a response says, not of where it stands: the order of the rows changes nothing.
            id = f"{spec.name} {response.identity} {sorted(response.answers.items())}"
            if id in self._row_of:
                text = f"copie de la ligne {self._row_of[id]} ; elle ne compte qu'une fois."
                self._say(Role(spec.name), response.row_number, text)
                continue
            self._row_of[id] = response.row_number
            reading = read(spec, response.answers, today=self.day, language=Language.FRENCH)
            yield Received(id=id, submitted_at=response.submitted_at, reading=reading)

    def judge(self, person: Succession) -> None:
        """Admit someone, or set them aside; their last response is the one that counts."""
        reading, row = person.current.reading, self._row_of[person.current.id]
        role = reading.respondent.role
        for earlier in person.replaced:
            text = f"même personne que la ligne {row}, dont la réponse, plus récente, compte seule."
            self._say(role, self._row_of[earlier.id], text)
        found = self._verdict(person)
        if found.stage is S.ELIGIBLE:
            self.candidates[role].append(self._candidate(person))
        else:
            self.set_aside.append(self._aside(person, found, row))
        if found.member_key:
            other = self._row_of_member.setdefault((role, found.member_key), row)
            if other != row:
                text = f"même adhérent que la ligne {other}, sous une autre adresse ; les deux comptent. Vérifiez."
                self._say(role, row, text)

    def _verdict(self, person: Succession) -> Verdict:
        reading = person.current.reading
        if self.register is None and reading.profile is not None:
            return Verdict(stage=S.ELIGIBLE, reason=Reason.PAID)
        return verdict(reading, self.register or Register(()), today=self.day)

    def _candidate(self, person: Succession) -> Candidate:
        profile = person.current.reading.profile
        assert profile is not None
        first = min(one.submitted_at for one in (*person.replaced, person.current))
        since = first.astimezone(ZoneInfo(self.programme.time_zone)).date()
        return Candidate(
            id=f"{profile.role} {profile.email}",
            profile=profile,
            waiting_days=max(0, (self.day - since).days),
            places=profile.capacity,
        )

    def _aside(self, person: Succession, found: Verdict, row: int) -> SetAside:
        who = person.current.reading.respondent
        fields = dict.fromkeys(problem.field for problem in found.problems)
        asked = ", ".join(expected(field, who.role, self.programme) for field in fields)
        if asked:
            self._say(who.role, row, f"à corriger : {asked}. Cette personne n'est pas proposée.")
        return SetAside(
            role=who.role,
            name=who.full_name,
            email=who.email or who.typed_email,
            file=self.sheets.of(who.role).name,
            row=row,
            reason=found.reason,
            words_fr=explained(found),
            help_fr=f"Corriger : {asked}." if asked else _HELP_FR[found.reason],
        )

    def _say(self, role: Role, row: int, text: str) -> None:
        self.remarks.append(self.sheets.of(role).remark(text, row))
