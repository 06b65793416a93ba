"""How grave a failure is, and what a volunteer is told of it."""

from __future__ import annotations

import pytest

from ponts_flows.mail.received.undelivered.failures import Failure, Severity, failure
from tests.mail.machines import BOB

GONE = "Cette adresse n’existe pas (ou plus)."
CLOSED = "Cette boîte est fermée ou désactivée."
NO_DOMAIN = "Son domaine ne reçoit pas de courrier."
REFUSED = "Son serveur refuse le message pour de bon, sans dire clairement pourquoi."
FULL = "Sa boîte est pleine."
UNREACHABLE = "Son serveur de messagerie n’a pas pu être joint."
LATER = "Son serveur n’a pas accepté le message pour le moment."
DELAYED = "Le message est retardé, le serveur essaie encore."
OURS = "Son fournisseur refuse nos messages : cela concerne notre envoi, pas son adresse."
CONTENT = "Son serveur refuse la taille ou la forme du message : cela concerne notre envoi, pas son adresse."


@pytest.mark.parametrize(
    ("status", "said", "severity", "explained"),
    [
        # The code alone.
        ("5.1.1", "", Severity.HARD, GONE),
        ("5.1.10", "", Severity.HARD, GONE),
        ("5.1.2", "", Severity.HARD, NO_DOMAIN),
        ("5.1.7", "", Severity.POLICY, OURS),
        ("5.2.1", "", Severity.HARD, CLOSED),
        ("5.2.2", "", Severity.SOFT, FULL),
        ("4.2.2", "", Severity.SOFT, FULL),
        ("5.2.3", "", Severity.POLICY, CONTENT),
        ("5.4.4", "", Severity.HARD, NO_DOMAIN),
        ("5.4.6", "", Severity.SOFT, UNREACHABLE),
        ("4.4.7", "", Severity.SOFT, UNREACHABLE),
        ("5.6.0", "", Severity.POLICY, CONTENT),
        ("5.7.1", "", Severity.POLICY, OURS),
        ("5.7.26", "", Severity.POLICY, OURS),
        ("4.7.1", "", Severity.SOFT, LATER),
        ("4.0.0", "", Severity.SOFT, LATER),
        ("5.0.0", "", Severity.HARD, REFUSED),
        ("", "", Severity.HARD, REFUSED),
        # Words without a code.
        ("", "550 User unknown", Severity.HARD, GONE),
        ("", "550 No such user here", Severity.HARD, GONE),
        (
            "",
            "Adresse d au moins un destinataire invalide. Invalid recipient. OFR204_418",
            Severity.HARD,
            GONE,
        ),
        ("", "Utilisateur inconnu", Severity.HARD, GONE),
        ("", "Dieser Benutzer existiert nicht", Severity.HARD, GONE),
        ("", "User bob not listed in Domino Directory", Severity.HARD, GONE),
        ("", "This account has been disabled or discontinued", Severity.HARD, CLOSED),
        ("", "550 5.2.1 Boite du destinataire archivee", Severity.HARD, CLOSED),
        ("", "DNS type 'mx' lookup responded with code NXDOMAIN", Severity.HARD, NO_DOMAIN),
        ("", "550 Host unknown", Severity.HARD, NO_DOMAIN),
        ("", "552 Mailbox full", Severity.SOFT, FULL),
        ("", "552 5.2.2 Boite du destinataire pleine", Severity.SOFT, FULL),
        ("", "user is over quota", Severity.SOFT, FULL),
        ("", "connect to mx.exemple.example: Connection timed out", Severity.SOFT, UNREACHABLE),
        ("", "Greylisted, see http://exemple.example", Severity.SOFT, LATER),
        ("", "Service refuse. Veuillez essayer plus tard.", Severity.SOFT, LATER),
        ("", "451 unknown trouble", Severity.SOFT, LATER),
        ("", "Message flagged as spam", Severity.POLICY, OURS),
        ("", "554 Mail rejete. Mail rejected. OFR_506", Severity.POLICY, OURS),
        ("", "550 Daily user sending limit exceeded", Severity.POLICY, OURS),
        ("", "Adresse IP source bloquee pour incident de spam", Severity.POLICY, OURS),
        ("", "552 Message size exceeds fixed limit", Severity.POLICY, CONTENT),
        # Words that say more than the code.
        ("5.1.0", "550 5.1.0 192.0.2.1 is not allowed to send per its SPF record", Severity.POLICY, OURS),
        ("5.1.1", "550 5.1.1 Sender address rejected: Domain not found", Severity.POLICY, OURS),
        ("5.7.1", "550 5.7.1 RESOLVER.ADR.RecipNotFound; not found", Severity.HARD, GONE),
        ("5.4.1", "550 5.4.1 Recipient address rejected: Access denied", Severity.HARD, GONE),
        ("5.1.1", "550 5.1.1 user is over quota", Severity.SOFT, FULL),
        ("5.5.0", "550 mailbox unavailable", Severity.HARD, GONE),
        ("4.7.0", "421 4.7.0 deferred due to user complaints", Severity.POLICY, OURS),
        ("4.0.0", "550 Client host blocked for spamming issues", Severity.POLICY, OURS),
        ("4.0.0", "The domain doesn't receive email: returned Null MX", Severity.HARD, NO_DOMAIN),
        # What may pass is no dead address.
        ("4.1.1", "450 4.1.1 user unknown in relay table", Severity.SOFT, LATER),
        ("", "450 mailbox unavailable", Severity.SOFT, LATER),
        ("4.4.3", "Host or domain name not found, try again", Severity.SOFT, LATER),
    ],
)
def test_a_server_s_words_and_code_say_what_to_do(
    status: str, said: str, severity: Severity, explained: str
) -> None:
    found = failure(BOB, status=status, text=said)

    assert (found.severity, found.explained) == (severity, explained)


def test_a_delay_is_soft_whatever_delays_it() -> None:
    found = failure(BOB, status="4.7.1", text="low reputation of your IP", delayed=True)

    assert (found.severity, found.explained) == (Severity.SOFT, DELAYED)


@pytest.mark.parametrize(
    ("status", "said", "expected"),
    [
        ("5.1.1", "550 5.7.1 no", "5.1.1"),
        ("5.1.1 (bad address)", "", "5.1.1"),
        ("5.0.0", "552 5.2.2 Over quota", "5.2.2"),
        ("", "Sorry (#4.4.1)", "4.4.1"),
        ("", "550-5.7.26 unauthenticated", "5.7.26"),
        ("", "host 192.5.2.2 said no", ""),
        ("", "version 15.5.1.2", ""),
        ("", "550 no", ""),
        ("4.0.0", "550 blocked", "4.0.0"),
    ],
)
def test_the_most_precise_code_is_kept(status: str, said: str, expected: str) -> None:
    assert failure(BOB, status=status, text=said).status == expected


def test_a_server_s_words_are_shown_on_one_line_of_300_characters_without_tricks() -> None:
    said = "550\r\n no\x00 \x1b[31muser\u202e \u2028 here" + " x" * 1000

    text = failure(BOB, status="", text=said).text

    assert text.startswith("550 no [31muser here x x")
    assert len(text) <= 300


def test_a_failure_of_which_little_is_known_can_be_explained_too() -> None:
    assert Failure(address=BOB, severity=Severity.HARD, status="5.1.1").explained == GONE
