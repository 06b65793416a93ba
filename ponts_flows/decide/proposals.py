"""What a coordinator's decision does to a proposal, and how a pair that a coordinator asks for becomes one."""

from __future__ import annotations

from ponts_flows.actions import Action, Forbid, Keep, Propose, Skipped
from ponts_flows.board.decisions import ProposalDecision
from ponts_flows.decide.pairing_case import PairingCase, Party
from ponts_flows.decide.pairings import introduced, move
from ponts_flows.lifecycle import PairingStage

S = PairingStage
NO_REASON = frozenset(
    {"non", "oui", "yes", "aucune", "aucun", "néant", "rien", "vrai", "faux", "true", "false"}
)

REFUSED = "Refusée ; elle ne sera plus proposée."


def decided(case: PairingCase, choice: str, override: str) -> tuple[list[Action], str]:
    """What a coordinator's choice does, and the note left in the emptied cell."""
    if choice not in list(ProposalDecision):
        return _nothing(case, f"« {choice[:40]} » n'est pas un choix de la liste : rien n'a été fait.")
    if choice == ProposalDecision.REFUSE and case.stage is S.REFUSED:
        # Two people whom a coordinator kept apart: their row is this pair's now, and the choice still stands in it.
        return [], REFUSED
    if case.stage not in (S.PROPOSED, S.POSTPONED):
        return _nothing(case, "Rien n'a été fait : cette proposition n'attend plus de décision.")
    if choice == ProposalDecision.REFUSE:
        return move(case, S.REFUSED, "refusée par la coordination"), REFUSED
    if choice == ProposalDecision.POSTPONE:
        return move(case, S.POSTPONED, "reportée par la coordination"), "Reportée d'une semaine."
    if choice == ProposalDecision.KEEP:
        return [Keep(pairing=case.id, kept=True)], "Gardée : l'appariement n'y touche plus."
    if choice == ProposalDecision.LET_GO:
        return [Keep(pairing=case.id, kept=False)], "L'appariement peut de nouveau la remplacer."
    return _approved(case, choice, override)


def _approved(case: PairingCase, choice: str, override: str) -> tuple[list[Action], str]:
    reason = written_reason(override) if case.obstacles() else ""
    if obstacles := case.obstacles(reason):
        return _nothing(
            case,
            f"Rien n'a été fait : {' ; '.join(obstacles)}. "
            "Pour passer outre, écrivez un motif dans la colonne Dérogation, puis choisissez de nouveau.",
        )
    if choice == ProposalDecision.APPROVE_WITHOUT_ASKING:
        return introduced(case, reason), "Validée : la présentation part."
    return move(
        case, S.ASKING_MENTOR, "validée par la coordination", reason
    ), "Validée : le mentor est consulté."


def written_reason(text: str) -> str:
    """The reason a coordinator wrote to go past a rule; "" for what gives none, such as `non`, `x` or `?`."""
    letters = "".join(letter for letter in text.casefold() if letter.isalpha())
    return text if len(letters) > 2 and letters not in NO_REASON else ""


def _nothing(case: PairingCase, note: str) -> tuple[list[Action], str]:
    return [Skipped(about=case.id, reason=note)], note


def requested(
    *, mentee: Party, mentor: Party, broken: tuple[str, ...], busy: str, override: str
) -> tuple[list[Action], str]:
    """What a row with two identifiers, added by a coordinator, does: a proposal, or the reason why not.

    `busy` says why one of the two has no place left, which no written reason can change.
    """
    if busy:
        return [], f"Refusé : {busy}."
    reason = written_reason(override)
    obstacles = (*broken, *(half.unfit for half in (mentor, mentee) if half.unfit))
    if obstacles and not reason:
        note = (
            f"Refusé : {' ; '.join(obstacles)}. "
            "Pour passer outre, écrivez un motif dans la colonne Dérogation de cette ligne."
        )
        return [], note
    proposal = Propose(
        mentor=mentor.id,
        mentee=mentee.id,
        score=0,
        parts=(),
        alternatives=(),
        asked_for=True,
        override=reason if obstacles else "",
    )
    return [proposal], "Demande enregistrée."


def forbidden(*, mentee: str, mentor: str, together: str, never: bool) -> tuple[list[Action], str]:
    """What « Refuser » on a row with two identifiers, added by a coordinator, does.

    `together` is the open pairing that the two are in, "" when there is none; `never`: they already are not
    proposed to each other any more.
    """
    if together:
        return (
            [],
            f"Rien n'a été fait : ces deux personnes sont sur la ligne {together}, c'est là qu'il faut choisir.",
        )
    if never:
        return [], "Rien à faire : ces deux personnes ne sont déjà plus proposées l'une à l'autre."
    reason = "écartée d'avance par la coordination"
    return [Forbid(mentee=mentee, mentor=mentor, reason=reason)], REFUSED
