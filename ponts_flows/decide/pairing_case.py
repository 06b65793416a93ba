"""All that is known of one pairing, as the rules see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ponts_flows.actions import Plan, Urgency
from ponts_flows.answers import Said
from ponts_flows.lifecycle import PairingStage
from ponts_flows.model import Profile, Role, Sent


@dataclass(frozen=True, kw_only=True)
class Party:
    """One half of a pairing. `unfit` says in French why nothing may start with this person now, "" when it may.

    `gone`: set aside or withdrawn; `left`: withdrawn for good; `set_aside` by a coordinator: nothing is sent until they
    are taken up again. `away_until`: on leave. `paid`: a paid-up member
    today. `finished`: their engagement has ended. `elsewhere`: in another pairing that is open.
    """

    id: str
    profile: Profile
    unfit: str = ""
    gone: bool = False
    left: bool = False
    set_aside: bool = False
    away_until: datetime | None = None
    no_reminders: bool = False
    paid: bool = True
    finished: bool = False
    elsewhere: bool = False


@dataclass(frozen=True, kw_only=True)
class PairingCase:
    """All that is known of one pairing. `broken` are the hard rules it breaks today, in French.

    Of an engagement: `said` is what the two answered, by any way; `noted` are the reasons kept for what was not
    done, by key, with when; `rows` are the lines in À traiter about it, by key: still open or not; `until` is when a
    pause ends by itself.
    """

    id: str
    stage: PairingStage
    since: datetime
    mentor: Party
    mentee: Party
    broken: tuple[str, ...]
    override: str
    sent: Mapping[str, Sent]
    engaged_at: datetime | None = None
    renewed_at: datetime | None = None
    until: datetime | None = None
    said: tuple[Said, ...] = ()
    noted: Mapping[str, datetime] = field(default_factory=dict)
    rows: Mapping[str, bool] = field(default_factory=dict)

    def party(self, role: Role) -> Party:
        """The half that has a role."""
        return self.mentor if role is Role.MENTOR else self.mentee

    def obstacles(self, override: str = "") -> tuple[str, ...]:
        """Why the pairing may not go on today; none when a coordinator wrote a reason."""
        if override or self.override:
            return ()
        return (*self.broken, *(half.unfit for half in (self.mentor, self.mentee) if half.unfit))


def key_of(case: PairingCase, occasion: str) -> str:
    """The key of a message about a pairing."""
    return f"{case.id}/{occasion}"


def plan(
    case: PairingCase,
    occasion: str,
    template: str,
    to: tuple[Role, ...],
    urgency: Urgency,
    values: dict[str, str] | None = None,
    at_once: bool = False,
) -> Plan:
    """A message of a pairing to one or both of the two, in the languages they read."""
    parties = [case.party(role) for role in to]
    return Plan(
        key=key_of(case, occasion),
        about=case.id,
        template=template,
        to=tuple(party.id for party in parties),
        languages=tuple(dict.fromkeys(party.profile.mail_language for party in parties)),
        urgency=urgency,
        values=values or {},
        at_once=at_once or urgency is Urgency.ACKNOWLEDGEMENT,
    )
