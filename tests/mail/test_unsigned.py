"""Where the meaning is read, a signature would be noise; and an answer must never be taken for one."""

from __future__ import annotations

import pytest

from ponts_flows.mail.received.answer.new_text import unsigned

ANSWER = "Oui, le 12 mars."
SIGNATURES = [
    "-- \nJean Dupont\nDirecteur de projets\n+33 6 12 34 56 78",
    "--\nJean",
    "Cordialement",
    "Cordialement,\nJean Dupont",
    "Bien cordialement,\n\nJean DUPONT - Directeur des opérations\nSociété des Viaducs\n3 quai des Tabliers, Paris",
    "Bien à vous, Jean",
    "Bien à vous deux.\nJean",
    "Très cordialement\nJean de La Tour",
    "Merci et à bientôt,\nAwa",
    "Merci !\n\nAwa",
    "Merci d’avance",
    "Bonne journée à vous !\nAwa Diop",
    "Merci, bonne journée.",
    "Amicalement\nawa",
    "Cdt",
    "Veuillez agréer, Madame, mes salutations distinguées.\n\nJean Dupont",
    "Best regards,\nJean",
    "Kind regards\nJean Dupont, PhD",
    "Cheers,\nJean",
    "Many thanks, Jean",
    "Mit freundlichen Grüßen\nJean Dupont",
    "Un saludo,\nJean",
    "Cordiali saluti\nJean Dupont",
    "Bien\u00a0cordialement,\nJean",
]


@pytest.mark.parametrize("signature", SIGNATURES)
def test_a_signature_is_taken_off(signature: str) -> None:
    assert unsigned(f"{ANSWER}\n\n{signature}") == ANSWER
    assert unsigned(f"{ANSWER}\n{signature}\n") == ANSWER


@pytest.mark.parametrize(
    "text",
    [
        "Oui",
        "Merci",
        "Cordialement,\nJean",
        "-- \nJean",
        "Bonjour,\nMerci !\nNous nous verrons le 9 avril.",
        "Bonjour,\nMerci oui pour mardi",
        "Bonjour,\nMerci Oui",
        "Bonjour,\nMerci\nOui",
        "Bonjour,\nMerci, non.",
        "Bonjour,\nmerci de ne plus m'écrire",
        "Merci,\nmais pouvez-vous décaler ?",
        "Oui.\nCordialement,\nJean\nPS : plutôt le 14 avril.",
        "Bonjour\n\nà bientôt le 12 mars",
        "Best is Monday\nthen Tuesday",
        "Oui.\n\nAmicalement,\nAwa\n\nPouvez-vous prévenir Jean de mon retard ?",
        "Awa\n-\nOui",
    ],
)
def test_an_answer_is_not_taken_for_a_signature(text: str) -> None:
    assert unsigned(text) == text
