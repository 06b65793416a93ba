"""Who wrote a reply, and how surely."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ponts_flows.mail.received.authentication import authentication
from ponts_flows.mail.received.incoming import Incoming
from ponts_flows.mail.received.trust import Level, Tie, level

ALICE = "alice.martin@exemple.example"
DKIM, SPF = "dkim=pass, aligned, no dmarc record", "spf=pass, aligned, no dmarc record"
NOTHING = "neither dmarc, nor an aligned dkim or spf"
NOT_GMAIL = "no authentication results of Gmail"


@pytest.mark.parametrize(
    ("headers", "result"),
    [
        (("mx.google.com; dkim=pass header.i=@x.example; dmarc=pass (p=NONE) header.from=exemple.example",),
         (True, "dmarc=pass")),
        (("mx.google.com; dmarc=fail header.from=exemple.example; dkim=pass header.i=@exemple.example",),
         (False, "dmarc=fail")),
        (("mx.google.com; dmarc=pass header.from=autre.example",), (False, "dmarc=pass")),
        (("mx.google.com; dkim=pass header.i=@exemple.example header.s=k; spf=none",),
         (True, DKIM)),
        (("mx.google.com; spf=pass (google.com: ok) smtp.mailfrom=alice.martin@exemple.example",),
         (True, SPF)),
        (("mx.google.com; dkim=pass header.i=@autre.example; spf=pass smtp.mailfrom=x@notexemple.example",),
         (False, NOTHING)),
        (("mx.google.com; dkim=pass header.i=@example; spf=fail smtp.mailfrom=exemple.example",),
         (False, NOTHING)),
        # Forged ones: of another server, below Gmail's own, in a comment, in quotes, twice.
        (("mx.evil.example; dmarc=pass header.from=exemple.example",), (False, NOT_GMAIL)),
        (("mx.google.com; dmarc=fail", "mx.google.com; dmarc=pass header.from=exemple.example"),
         (False, "dmarc=fail")),
        (("mx.google.com; spf=none (x; dmarc=pass header.from=exemple.example)",),
         (False, NOTHING)),
        (('mx.google.com; spf=pass smtp.mailfrom="a; dmarc=pass header.from=exemple.example"@evil.example',),
         (False, NOTHING)),
        (("mx.google.com; dmarc=pass; dmarc=pass",), (False, "several dmarc results")),
        ((), (False, NOT_GMAIL)),
        (("mx.google.com; none",), (False, NOTHING)),
    ],
)  # fmt: skip
def test_only_gmail_s_own_topmost_verdict_authenticates(
    headers: tuple[str, ...], result: tuple[bool, str]
) -> None:
    assert authentication(headers, ALICE) == result


def test_a_sender_below_the_signing_domain_is_aligned() -> None:
    header = ("mx.google.com; dkim=pass header.d=exemple.example",)

    assert authentication(header, "alice@mail.exemple.example") == (
        True,
        "dkim=pass, aligned, no dmarc record",
    )


REPLY = Incoming(from_address=ALICE, text="Oui", authenticated=True, authentication_reason="dmarc=pass")


BOB = "bob.durand@exemple.example"


@pytest.mark.parametrize(
    ("incoming", "known", "tie", "level_of", "reason"),
    [
        (REPLY, (BOB, ALICE), Tie.TOKEN, Level.PROVED, "Jeton de réponse, adresse connue"),
        (REPLY, (ALICE,), Tie.THREAD, Level.PROVED, "Réponse à notre message, adresse connue"),
        # Which message it answers is a guess: its author is asked.
        (REPLY, (ALICE,), Tie.REFERENCE, Level.DOUBTFUL, "Référence citée"),
        (REPLY, (ALICE,), Tie.SENDER, Level.DOUBTFUL, "Dernière question"),
        # The token was given to that person, or to whoever was in copy: the known address is asked.
        (REPLY, (BOB,), Tie.TOKEN, Level.DOUBTFUL, "adresse que nous ne connaissons pas"),
        (replace(REPLY, authenticated=False), (ALICE,), Tie.TOKEN, Level.DOUBTFUL, "authentifier"),
        # Anybody else is a stranger.
        (REPLY, (BOB,), Tie.THREAD, Level.NONE, "adresse que nous ne connaissons pas"),
        (replace(REPLY, authenticated=False), (ALICE,), Tie.THREAD, Level.NONE, "authentifier"),
        (replace(REPLY, authenticated=False), (ALICE,), Tie.SENDER, Level.NONE, "authentifier"),
        (replace(REPLY, from_address=""), ("",), Tie.TOKEN, Level.NONE, "expéditeur"),
    ],
)
def test_a_mail_is_trusted_by_what_ties_it_to_ours_and_by_who_surely_wrote_it(
    incoming: Incoming, known: tuple[str, ...], tie: Tie, level_of: Level, reason: str
) -> None:
    trust = level(incoming, known=known, tie=tie)

    assert trust.level is level_of
    assert reason in trust.reason
