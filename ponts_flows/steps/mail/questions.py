"""What each of our mails asks, of those that an answer in words may answer."""

from __future__ import annotations

from ponts_flows.mail.received.meaning import Question

PROPOSALS = frozenset({"pairing-mentor", "pairing-mentee", "pairing-reminder"})
RENEWALS = frozenset({"renewal", "renewal-reminder"})
EVENTS = frozenset({"event-invitation", "event-update", "event-reminder"})
# A date is asked for, past or to come.
MEETINGS = frozenset(
    {"session-report", "session-report-reminder", "start-mentee", "start-mentor", "propose-next", "at-risk"}
)
# A date may be told all the same.
ABOUT_MEETINGS = frozenset(
    {"meeting-invitation", "meeting-update", "meeting-soon"}
    | {
        f"{name}-{role}"
        for name in ("prepare-first", "prepare-second", "after-second")
        for role in ("mentor", "mentee")
    }
)
_ASKED = {
    Question.PAIRING: PROPOSALS,
    Question.RENEWAL: RENEWALS,
    Question.EVENT: EVENTS,
    Question.MET: MEETINGS | ABOUT_MEETINGS,
}
QUESTIONS = {template: question for question, templates in _ASKED.items() for template in templates}
"""The question that each template puts."""
TEMPLATES = tuple(sorted(PROPOSALS | RENEWALS | EVENTS | MEETINGS))
"""Those that ask for an answer."""
