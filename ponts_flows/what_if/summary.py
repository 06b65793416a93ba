"""What came of a trial, in a few French sentences and counts, and all of it for a program."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from typing import Any

from ponts_flows.board.options import OPTIONS, default
from ponts_flows.decide.eligibility import Reason
from ponts_flows.decide.matching import Matching, NearMiss, Proposal
from ponts_flows.decide.matching.rules import gap_months
from ponts_flows.decide.matching.wording import counted
from ponts_flows.model import Role
from ponts_flows.programme import Programme, Weights
from ponts_flows.what_if.effects import Effect
from ponts_flows.what_if.trial import Trial

SHOWN = 5
"""People left, and near misses, that the short text names."""

REASONS_FR = {
    Reason.TO_CORRECT: "réponse à corriger",
    Reason.UNKNOWN: "absent du registre des cotisants",
    Reason.UNPAID: "cotisation non réglée",
    Reason.EXPIRED: "cotisation échue",
    Reason.SAME_NAME: "même nom qu'un adhérent sous une autre adresse, à confirmer",
    Reason.HOMONYMS: "plusieurs adhérents de ce nom, à confirmer",
    Reason.DATE_UNREADABLE: "date de cotisation illisible au registre, à confirmer",
}
_SIDES = ((Role.MENTEE, "Mentees"), (Role.MENTOR, "Mentors"))


def as_text(trial: Trial) -> str:
    """The trial for a person: how many, how good, who is left and why."""
    day = f"au {trial.people.day:%d/%m/%Y}" if trial.people.day else "sans aucune réponse"
    lines = [f"Essai d'appariement, {day}. Rien n'est enregistré.", ""]
    lines += [f"{'':8}{'réponses':>10}{'admis':>8}{'en binôme':>11}{'sans binôme':>13}"]
    paired = paired_of(trial.matching.proposals)
    for role, title in _SIDES:
        admitted, here = len(trial.people.of(role)), paired[role]
        lines.append(f"{title:8}{trial.people.read[role]:>10}{admitted:>8}{here:>11}{admitted - here:>13}")
    lines += ["", *sentences(trial), ""]
    aside = Counter(REASONS_FR.get(one.reason, one.reason) for one in trial.people.set_aside)
    if aside:
        lines.append(f"Pas admis : {aside.total()}")
        lines += [f"  {number:4}  {reason}" for reason, number in aside.most_common()]
    for role, title in _SIDES:
        left = [one for one in trial.matching.unpaired if one.role is role]
        said = [f"{trial.name(one.application_id)} : {one.words_fr}" for one in left]
        lines += _listed(f"{title} sans proposition", said)
    misses = trial.matching.near_misses
    said = [near_miss_fr(trial, miss) for miss in misses]
    lines += _listed("Presque, pour un mentee sans proposition (une dérogation écrite en décide)", said)
    return "\n".join(lines).rstrip()


def sentences(trial: Trial) -> Iterator[str]:
    """What to know of a trial in a few sentences: who was checked, what was set, what is proven, how fair it is."""
    members = trial.request.members
    yield (
        f"Cotisations vérifiées d'après {members.name}."
        if members and trial.people.checked
        else "Cotisations non vérifiées : tout le monde est compté comme à jour."
    )
    yield settings_fr(trial.programme, trial.request.programme)
    yield proof_fr(trial.matching, trial.programme)
    if trial.matching.proposals:
        yield fairness_fr(trial.matching)


def settings_fr(programme: Programme, base: Programme) -> str:
    """What was set otherwise than in the programme itself."""
    changed = [
        f"{option.id} {default(option, programme)} (au lieu de {default(option, base)})"
        for option in OPTIONS
        if default(option, programme) != default(option, base)
    ]
    changed += [
        f"{option.id} obligatoire"
        for option in OPTIONS
        if option.required and option.required.removeprefix("required.") in programme.required
    ]
    return f"Réglages changés : {', '.join(changed)}." if changed else "Réglages par défaut."


def proof_fr(matching: Matching, programme: Programme) -> str:
    """What is sure of the pairs: that nothing better exists, or how much better the best may be."""
    proof, pairs = matching.proof, counted(matching.proof.pairs, "binôme")
    if proof.optimal and not proof.pairs:
        return "Aucun binôme n'est possible."
    if proof.optimal and programme.least_score:
        return (
            f"{pairs}. C'est prouvé, aucun ensemble de binômes de score {programme.least_score} au moins n'a un "
            "meilleur total."
        )
    if proof.optimal:
        return (
            f"{pairs}. C'est prouvé : on ne peut pas en former davantage, ni autant avec un meilleur total."
        )
    most = f"{proof.pairs_bound} au plus étaient possibles"
    return f"{pairs} ({most}). Le meilleur total dépasse celui-ci de {_percent(proof.gap)} au plus."


def fairness_fr(matching: Matching) -> str:
    """How the proposals are spread."""
    fair = matching.fairness
    free = f"{counted(fair.mentors_unused, 'mentor')} sans mentee, {counted(fair.places_unused, 'place')} "
    return (
        f"Scores sur 100 : {fair.worst_score} pour le moins bon binôme, {fair.tenth_score} ou plus pour neuf sur dix, "
        f"{fair.median_score} pour celui du milieu. {_have(fair.first_choice)} le mentor qui leur convient le mieux, "
        f"{fair.three_best} l'un de leurs trois meilleurs. {free}{'libre' if fair.places_unused < 2 else 'libres'}."
    )


def near_miss_fr(trial: Trial, miss: NearMiss) -> str:
    """A near miss with its names."""
    return f"{trial.name(miss.mentee_id)} avec {trial.name(miss.mentor_id)} : {miss.words_fr}"


def paired_of(proposals: Sequence[Proposal]) -> dict[Role, int]:
    """How many people of each role are in a pair."""
    return {
        Role.MENTEE: len({proposal.mentee_id for proposal in proposals}),
        Role.MENTOR: len({proposal.mentor_id for proposal in proposals}),
    }


def as_json(trial: Trial, effects: Sequence[Effect] = ()) -> str:
    """Everything, for a program; people by name and address."""
    people, matching, programme = trial.people, trial.matching, trial.programme
    plain = {
        "day": people.day.isoformat() if people.day else None,
        "membership_checked": people.checked,
        "read": {role.value: people.read[role] for role in Role},
        "admitted": {role.value: len(people.of(role)) for role in Role},
        "weights": {one.name: getattr(programme.weights, one.name) for one in fields(Weights)},
        "required": sorted(programme.required),
        "least_score": programme.least_score,
        "proof": asdict(matching.proof) | {"optimal": matching.proof.optimal, "gap": matching.proof.gap},
        "fairness": asdict(matching.fairness),
        "summary": list(sentences(trial)),
        "pairs": [_pair(trial, proposal) for proposal in matching.proposals],
        "unpaired": [
            {"role": one.role.value, "why": one.words_fr, "help": one.help_fr}
            | _person(trial, one.application_id)
            for one in matching.unpaired
        ],
        "set_aside": [asdict(one) for one in people.set_aside],
        "near_misses": [
            {
                "mentee": _person(trial, miss.mentee_id),
                "mentor": _person(trial, miss.mentor_id),
                "gap_months": miss.gap_months,
                "score": miss.score,
                "words": miss.words_fr,
            }
            for miss in matching.near_misses
        ],
        "remarks": [asdict(remark) for remark in trial.remarks],
        "effects": [asdict(effect) for effect in effects],
    }
    return json.dumps(plain, ensure_ascii=False)


def _pair(trial: Trial, proposal: Proposal) -> dict[str, Any]:
    mentee, mentor = (trial.person[id].profile for id in (proposal.mentee_id, proposal.mentor_id))
    return {
        "mentee": _person(trial, proposal.mentee_id),
        "mentor": _person(trial, proposal.mentor_id),
        "score": proposal.score,
        "rank": proposal.rank,
        "gap_months": gap_months(mentee, mentor),
        "points": dict(trial.points(proposal.mentee_id, proposal.mentor_id)),
        "reasons": list(proposal.reasons_fr),
        "alternatives": [
            {
                "mentor": _person(trial, other.mentor_id),
                "score": other.score,
                "loss": other.loss,
                "pairs_lost": other.pairs_lost,
                "displaced": [_person(trial, id) for id in other.displaced],
                "words": other.words_fr,
            }
            for other in proposal.alternatives
        ],
    }


def _person(trial: Trial, id: str) -> dict[str, str]:
    profile = trial.person[id].profile
    return {"name": profile.full_name, "email": profile.email}


def _listed(title: str, said: Sequence[str]) -> list[str]:
    """How many there are, and the first few."""
    if not said:
        return []
    more = [f"  … et {counted(len(said) - SHOWN, 'autre')}"] if len(said) > SHOWN else []
    return [f"{title} : {len(said)}", *(f"  {one}" for one in said[:SHOWN]), *more]


def _have(number: int) -> str:
    return f"{counted(number, 'mentee')} {'a' if number < 2 else 'ont'}"


def _percent(share: float) -> str:
    return f"{100 * share:.2g} %".replace(".", ",")
