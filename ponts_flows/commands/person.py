"""What is known of one person: shown to them, or erased. Names and texts go to whoever runs it, to no log."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ponts_flows.commands.places import Commands
from ponts_flows.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ponts_flows.ledger.erasure import Erasure
    from ponts_flows.steps.erasing import ByHand

WHO = "an address, or the number of an application such as A-0012"


def add(commands: Commands) -> None:
    """Add these commands."""
    person = commands.add_parser("person", help="what is known of one person: show, export or erase it")
    verbs = person.add_subparsers(title="what to do", required=True, metavar="show|export|erase")

    show = verbs.add_parser("show", help="on the terminal")
    show.add_argument("who", metavar="ADDRESS", help=WHO)
    show.set_defaults(command=_show)

    export = verbs.add_parser("export", help="as files that the person can read")
    export.add_argument("who", metavar="ADDRESS", help=WHO)
    export.add_argument("directory", type=Path, metavar="DIR")
    export.set_defaults(command=_export)

    erase = verbs.add_parser("erase", help="everywhere the programme writes; it can't be undone")
    erase.add_argument("who", metavar="ADDRESS", help=WHO)
    erase.add_argument("--yes", action="store_true", help="do not ask")
    erase.set_defaults(command=_erase)


def _show(options: argparse.Namespace) -> int:
    from ponts_flows.person import show
    from ponts_flows.steps.opening import opened

    with opened() as run:
        run.ledger.migrate()
        print(show(run, options.who))
    return 0


def _export(options: argparse.Namespace) -> int:
    from ponts_flows.person import export
    from ponts_flows.steps.opening import opened

    with opened() as run:
        run.ledger.migrate()
        paths, missing = export(run, options.who, options.directory)
    print("\n".join(map(str, paths)))
    if missing:
        print(f"What coordinators wrote on the board is not in it: {missing}", file=sys.stderr)
    return 0


def _erase(options: argparse.Namespace) -> int:
    from ponts_flows.steps.erasing import erase, finish
    from ponts_flows.steps.opening import opened

    with opened() as run:
        run.ledger.migrate()
        _confirm(options)
        done, by_hand = erase(run, options.who)
        problem = finish(run)
    print(_told(done, by_hand))
    if problem:
        print(f"À finir : {problem} Le prochain passage (ponts run) continue.", file=sys.stderr)
    return 1 if problem else 0


def _confirm(options: argparse.Namespace) -> None:
    if options.yes:
        return
    if not sys.stdin.isatty():
        raise InputError("Erasing can't be undone. Add --yes to do it without being asked.")
    print("Tout ce que le programme sait de cette personne va être effacé, sans retour possible.")
    if input("Recopier son adresse pour confirmer : ").strip().casefold() != options.who.strip().casefold():
        raise InputError("It is not the same address: nothing was erased.")


def _told(done: Erasure, by_hand: Sequence[ByHand]) -> str:
    who = ", ".join(done.applications) or "aucune candidature"
    counts = ", ".join(f"{count} {name}" for name, count in done.counts.items())
    lines = [
        f"Preuve n° {done.id} : effacement le {done.at:%d/%m/%Y à %H:%M} UTC ; {who} ; {counts or 'rien d’autre'}.",
        "Les messages de la boîte du programme sont mis à la corbeille : Gmail les supprime au bout de 30 jours.",
        "Ses propres messages, et ceux que d'autres ont reçus, restent dans leurs boîtes.",
        "Le registre des cotisants appartient à l'association : il n'est pas touché.",
        "L'historique des versions du tableau de bord garde les anciens contenus : voir docs/registre-rgpd.md.",
    ]
    if by_hand:
        lines += ["", "À supprimer à la main, Google ne le permet pas au programme (rien n'en sera relu) :"]
        lines += [f"  {one.where_fr} : {one.url}" for one in by_hand]
    return "\n".join(lines)
