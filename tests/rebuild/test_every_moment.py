"""The ledger lost and made again after each step of a life: it holds what it held, and nobody notices.

Each chapter is what people do, then passes until nothing more is due. It is lived twice: once without an accident,
once losing the ledger in each chapter, when people have acted and no pass has seen it yet, and at the very end.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from ponts_flows.ledger import tables
from ponts_flows.steps import PROGRAMME, PROPOSALS
from tests.journeys.world import LEA, PAUL, Snapshot, World, a_member, address_of, paris
from tests.rebuild.loss import lost_and_rebuilt

MARC, ANNE = address_of("Marc", "Blanc"), address_of("Anne", "Roy")
MAILBOX = "mentoring@ponts.org"
COORDINATION = "coordination@ponts.org"
PEOPLE = (LEA, PAUL, MARC, ANNE, COORDINATION, MAILBOX)
DRAWN = re.compile("mail/|form:|/answer-noted/")
NOT_YET_READ = re.compile(r"(response|incoming) .*: new|note gmail/received.*")
"""What people sent and no pass has seen: it is kept by the rebuild, for the next pass to see to."""
Act = Callable[[World], None]


def on(world: World, day: str) -> None:
    at = date.fromisoformat(day)
    world.at(paris(at.year, at.month, at.day, 10))


def answer(world: World, address: str, about: str, words: str) -> None:
    """Answer the newest mail whose key holds `about`."""
    world.reply(address, world.letter(address, about).reference, words)


def they_sign_up(world: World) -> None:
    world.register(*(a_member(*name) for name in (("Léa", "Durand"), ("Paul", "Martin"), ("Marc", "Blanc"))))
    world.sign_up("mentee", about="Je voudrais parler de mes doutes.")
    world.sign_up("mentor", first_name="Marc", last_name="Blanc", capacity="2")
    world.sign_up("mentor", city="Lyon")
    world.sign_up("mentee", first_name="Anne", last_name="Roy", career_start="il y a longtemps")


def one_is_refused_and_one_can_not_be_asked_for(world: World) -> None:
    on(world, "2026-11-17")
    (row,) = world.board("proposals")
    world.decide(row["id"], "Refuser")
    # Refused for want of a place, and left standing in its row: it must not be tried again behind anybody's back.
    world.add_row("proposals", wanted_mentee="A-0004", wanted_mentor="A-0003")


def the_other_is_kept(world: World) -> None:
    on(world, "2026-11-18")
    world.decide("P-0002", "Garder")


def it_is_approved(world: World) -> None:
    on(world, "2026-11-19")
    world.decide("P-0002", "Valider")


def the_mentor_says_yes(world: World) -> None:
    on(world, "2026-11-20")
    world.reply(mentor_of(world), "Accepteriez-vous", "Oui")


def the_mentee_is_away_then_says_yes(world: World) -> None:
    on(world, "2026-11-23")
    world.follow_link(LEA, "ask/mentee", "pairing", answer="yes")


def they_agree_on_a_date(world: World) -> None:
    on(world, "2026-11-24")
    world.follow_link(LEA, "prepare-first", held="planned", next_on="2026-12-01", next_at="18:30")
    world.add_row(
        "events", title="Dîner", day="10/12/2026", time="19:30", place="Paris", audience="Tous", invite=True
    )


def they_meet_and_the_mentor_says_so_by_mail(world: World) -> None:
    on(world, "2026-12-02")
    world.tick()
    answer(
        world,
        mentor_of(world),
        "session-report",
        "Oui, le 1er décembre. Prochaine rencontre le 5 janvier 2027.",
    )
    answer(world, LEA, "invite", "Oui")


def a_word_for_a_person(world: World) -> None:
    on(world, "2026-12-03")
    answer(world, LEA, "session-report", "Est-ce que je peux vous appeler ? J'ai un souci avec tout cela.")


def the_coordinator_says_what_it_meant(world: World) -> None:
    on(world, "2026-12-04")
    (line,) = [row for row in world.board("to_review") if row["id"].startswith("mail/")]
    world.type_in("to_review", line["id"], on="01/12/2026", decision="Rencontre du…")


def a_pause(world: World) -> None:
    on(world, "2027-01-08")
    world.type_in("pairings", "P-0002", until="20/01/2027", decision="Mettre en pause")


def no_more_reminders(world: World) -> None:
    on(world, "2027-01-22")
    answer(world, LEA, "session-report", "STOP")


def midpoint(world: World) -> None:
    on(world, "2027-03-25")
    world.tick()
    world.follow_link(LEA, "midpoint", "midpoint", going="hard", note="Entre nous.", themes=("networking",))


def renewal(world: World) -> None:
    on(world, "2027-04-23")
    world.tick()
    answer(world, mentor_of(world), "renewal", "Oui")
    world.follow_link(LEA, "renewal", "renewal", answer="yes")


def the_second_term(world: World) -> None:
    on(world, "2027-05-25")


def the_end_of_it(world: World) -> None:
    on(world, "2027-10-26")


def they_review(world: World) -> None:
    on(world, "2027-11-08")
    world.tick()
    for address in (LEA, mentor_of(world)):
        world.follow_link(
            address, "review", "review", key_points="Beaucoup.", testimony="Bravo.", uses=("website",)
        )


def one_comes_back(world: World) -> None:
    on(world, "2027-11-10")
    world.follow_link(LEA, "thanks", "participation", wish="back")


def long_after(world: World) -> None:
    on(world, "2027-11-12")  # and not so long that the first mails are forgotten


LIFE: tuple[Act, ...] = (
    they_sign_up,
    one_is_refused_and_one_can_not_be_asked_for,
    the_other_is_kept,
    it_is_approved,
    the_mentor_says_yes,
    the_mentee_is_away_then_says_yes,
    they_agree_on_a_date,
    they_meet_and_the_mentor_says_so_by_mail,
    a_word_for_a_person,
    the_coordinator_says_what_it_meant,
    a_pause,
    no_more_reminders,
    midpoint,
    renewal,
    the_second_term,
    the_end_of_it,
    they_review,
    one_comes_back,
    long_after,
)


def mentor_of(world: World) -> str:
    """The address of the mentor of the pair that lasts."""
    return {"A-0002": MARC, "A-0003": PAUL}[world.row("proposals", "P-0002")["mentor_id"]]


def lived(world: World, befalls: Callable[[str], None]) -> None:
    for act in LIFE:
        act(world)
        befalls(act.__name__)
        for steps in (PROPOSALS, PROGRAMME, PROGRAMME):
            world.tick(steps)
    befalls("the end")


def what_people_see(world: World) -> dict[str, Any]:
    """The mails of each mailbox and the board; keys that bear an identifier which Google draws are left out."""
    return {
        **{address: mails(world, address) for address in PEOPLE},
        "drafts": len(world.inbox(MAILBOX, "in:draft")),
        **{
            tab: world.board(tab)
            for tab in ("applications", "proposals", "pairings", "events", "testimonies")
        },
        "to_review": [row for row in world.board("to_review") if not DRAWN.search(row["id"])],
        "outbox": [row for row in world.board("outbox") if not DRAWN.search(row["id"])],
    }


def mails(world: World, address: str) -> Counter[tuple[str, str]]:
    """How often each mail is in a mailbox; the key of an answer to a mail bears an identifier that Gmail draws."""
    found = world.inbox(address, "-in:draft")
    noted = noted_references(world)
    return Counter(("noted" if one.reference in noted else one.reference, one.subject) for one in found)


def noted_references(world: World) -> set[str]:
    t = tables.message
    with world.ledger.transaction() as db:
        return set(db.execute(select(t.c.reference).where(t.c.key.contains("/answer-noted/"))).scalars())


@pytest.fixture(scope="module")
def twin(first_day: tuple[World, Snapshot]) -> dict[str, Any]:
    """What people see at the end of a life without an accident."""
    world, snapshot = first_day
    world.restore(snapshot)
    lived(world, lambda _: None)
    return what_people_see(world)


def test_this_life_is_one_in_which_much_happens(twin: dict[str, Any]) -> None:
    (pair,) = twin["pairings"]
    assert (pair["stage"], pair["sessions"], pair["introduced"]) == ("Terminé", "1", "23/11/2026")
    stages = [row["stage"] for row in twin["proposals"]]
    assert stages == [
        "Refusé par la coordination",
        "",
        "Terminé",
    ]  # the second still asks for a pair, in vain
    assert [row["testimony"] for row in twin["testimonies"]] == ["Bravo.", "Bravo."]
    assert [row["coming"] for row in twin["events"]] == ["1"]
    assert {row["status"] for row in twin["outbox"]} == {"Envoyé", "Annulé"}
    assert len(twin["outbox"]) > 35


@pytest.mark.timeout(300)
def test_lost_at_every_moment_it_holds_what_it_held_and_the_end_is_the_same(
    first_day: tuple[World, Snapshot], twin: dict[str, Any]
) -> None:
    world, snapshot = first_day
    world.restore(snapshot)
    wrong: list[str] = []

    def lose(when: str) -> None:
        if not world.board("applications"):
            return  # no pass was ever run: nothing was sent, there is nothing to lose
        report, differences = lost_and_rebuilt(world.a_pass())
        unread = [one for one in differences if NOT_YET_READ.fullmatch(one)]
        assert not unread or when != "the end"
        wrong.extend(f"{when}: {one}" for one in (*differences, *report.lost) if one not in unread)
        world.restarted()

    lived(world, lose)

    assert wrong == [], "\n".join(wrong)
    seen = what_people_see(world)
    for part in twin:
        assert seen[part] == twin[part], part
    for address in PEOPLE:
        received = world.received(address)
        assert sorted(received) == sorted(set(received)), address
