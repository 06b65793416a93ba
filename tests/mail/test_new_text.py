"""What somebody wrote is found again in any client's reply: all of it, and nothing of what was quoted."""

from __future__ import annotations

import json
import os
import textwrap
import unicodedata
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ponts_flows.mail.received.answer.new_text import new_text, unsigned
from tests.mail.client_forms import fill_in, forms, frames, quoted

REPLIES = Path(__file__).parents[3] / "shared" / "data" / "replies" / "client_forms.json"
FORMS = forms()
EXAMPLES = int(os.environ.get("NEW_TEXT_EXAMPLES", "150"))

SENT = """\
Bonjour Jean,

Votre premier rendez-vous avec Awa a-t-il eu lieu ? Répondez OUI ou NON,
ou indiquez la date :

OUI
NON

Donner la date :
https://forms.example/d/e/1FAIpQLSf0000/viewform?usp=pp_url&entry.1234=a.UC0wMDQy

    Promotion : 2019
    De : Lyon

- Une rencontre d’une heure par mois environ, pendant 6 mois,
  renouvelables une fois.
- Le 3 avril 2026, Awa a écrit : « c’est noté ».

— — —

Hello Jean,

Has your first meeting with Awa taken place? Reply YES or NO.

Merci,
La coordination
"""

# What people write that looks like what clients write.
TRAPS = [
    "Oui",
    "OUI",
    "👍",
    "Bonjour Jean,\n\nOUI",
    "Merci\n\n\n\nOui ?",
    "Non, pas encore.\n\nLe mardi 14 avril nous irait, elle m'a écrit :\nje serai là dès 10 h.",
    "Elle m’a écrit :\n> je serai là\n> dès 10 h\nDonc oui.",
    "Le 14 avril 2026, elle m'a écrit :\n> je viens\nalors oui",
    "Awa m'a écrit :\nje serai là",
    "Le 12 mars 2026 à 10:12 nous nous sommes vus, il a écrit : super",
    "Le 12 mars 2026 à 10:12 nous nous sommes vus, elle m'a écrit :\nsuper",
    "Le 3 avril, non. Le 4 avril à 10:12 :\noui",
    "J'ai écrit à awa.diop@univ.example le 3 avril 2026 à 10:12 :\npas de réponse",
    "On the 12th we met, and she wrote:\nall is well",
    "Beginning of April works for me:\n- the 2nd\n- the 3rd, from 10:00",
    "Vu le 12/03/2026 à 10:12.",
    "Original message lost, sorry. Yes.",
    "Message transféré",
    "Jean Dupont <jean@nouveau.example> est ma nouvelle adresse depuis le 3 avril 2026 :\nmerci de la noter",
    "Je copie son message :\n\n> Bonjour,\n> je suis d'accord\n> Awa\n\nDonc oui.",
    "RE : votre message\nOui",
    "De : Paris\nÀ : Lyon\nObjet : déménagement",
    "Date : 12/03/2026 10:12\nLieu : Paris\nObjet : premier échange",
    "Envoyé depuis le train, désolé",
    "Get Outlook to work and I will answer",
    "Merci,\nLa coordination",
    ">> oui, +1",
    "De : 10h à 12h",
    "Objet : mon CV\nOui",
    "Rendez-vous\nDe : 10h\nÀ : 12h\nDate : 14 avril",
    "Date : 12 mars 2026\nDe : 10h à 12h\nÀ : Paris",
    "Message du 12/03 bien reçu",
    "Envoyé de Lyon",
    "Oui.\n\nEnvoyé de mon bureau, à Lyon",
    "Sent a mail to Awa on Friday, from my phone.",
    "Mes créneaux :\n---\nlundi\n---\nmardi",
    "1. oui\n2. le 12 mars\n3. https://visio.example/salle?x=1",
    "https://visio.example/salle",
    "Oui :\n- vus le 12 mars\n- prochain le 9 avril\n\n-- \nJean Dupont\nProfesseur\n+33 6 12 34 56 78",
    "Oui.\n\nBien cordialement,\nJean Dupont\nTél. : 01 23 45 67 89\nMail : jean.dupont@univ.example",
]


EVERY = 4
"""Each answer is put into every fourth form, and each form holds every fourth answer; `make soak` does the others."""


def misread(answer: str, forms: dict[str, str], sent: str) -> dict[str, str]:
    """What is found of an answer, by form, where that is not the answer."""
    found = {name: new_text(fill_in(form, answer, SENT), sent=sent) for name, form in forms.items()}
    return {name: text for name, text in found.items() if text != answer}


@pytest.mark.parametrize("sent", ["", SENT], ids=["whatever was sent", "knowing what was sent"])
@pytest.mark.parametrize("answer", TRAPS)
def test_an_answer_is_found_whole_and_alone_in_every_client_s_form(answer: str, sent: str) -> None:
    chosen = dict(islice(FORMS.items(), TRAPS.index(answer) % EVERY, None, EVERY))

    assert misread(answer, chosen, sent) == {}


@pytest.mark.soak
@pytest.mark.parametrize("sent", ["", SENT], ids=["whatever was sent", "knowing what was sent"])
@pytest.mark.parametrize("answer", TRAPS)
def test_every_answer_is_found_in_every_form(answer: str, sent: str) -> None:
    assert misread(answer, FORMS, sent) == {}


def test_the_forms_are_many() -> None:
    assert len(FORMS) > 800


@pytest.fixture(scope="module")
def replies() -> list[dict[str, Any]]:
    if not REPLIES.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{REPLIES} is missing")
        pytest.skip(f"{REPLIES} is not on this machine")
    return list(json.loads(REPLIES.read_text("utf-8")))


def test_of_the_171_sample_replies_every_answer_is_found_exactly(replies: list[dict[str, Any]]) -> None:
    wrong = {
        each["id"]: found
        for each in replies
        if (found := new_text(each["text"])) not in (each["expected"], each["expected"] + each["signature"])
    }

    assert len(replies) == 171
    assert wrong == {}


def test_of_the_171_sample_replies_no_signature_is_left_where_the_meaning_is_read(
    replies: list[dict[str, Any]],
) -> None:
    wrong = {each["id"]: unsigned(new_text(each["text"])) for each in replies}

    assert wrong == {each["id"]: each["expected"] for each in replies}


WORDS = st.sampled_from(
    "programme mentorat accompagner rencontre votre charte vous souhaitez prochain première heure mois avec pour"
    " dans qui coordination the meeting your mentor next will please adresse échange confiance".split()
)
SENTENCES = st.lists(WORDS, min_size=4, max_size=16).map(lambda words: " ".join(words).capitalize())
OUR_LINES = st.one_of(
    SENTENCES,
    SENTENCES.map(lambda line: f"- {line}"),
    st.sampled_from(["", "", "Merci,", "OUI", "— — —", "Ville : Lyon", "Donner ma réponse :", "Bonjour,"]),
    st.integers(0, 99).map(lambda n: f"https://forms.example/d/{n}/viewform?entry={n}"),
)


def wrapped(line: str, width: int) -> list[str]:
    if "https://" in line:
        return [line]
    indent = " " * (len(line) - len(line.lstrip()))
    return textwrap.wrap(line, width, subsequent_indent=indent, break_long_words=False) or [line]


@st.composite
def ours(draw: st.DrawFn) -> str:
    """A mail of ours: no two of its sentences are the same."""
    lines = [
        "Bonjour Jean,",
        "",
        draw(SENTENCES),
        *draw(st.lists(OUR_LINES, max_size=12)),
        draw(SENTENCES),
        draw(SENTENCES),
    ]
    told = [
        f"{i} {line}." if len(line.split()) > 3 and "//" not in line else line for i, line in enumerate(lines)
    ]
    return "\n".join(each for line in told for each in wrapped(line, 72))


THEIR_LINES = st.one_of(
    st.lists(
        st.sampled_from("je suis venu voir Awa mardi pour parler de mon projet".split()), min_size=1
    ).map(" ".join),
    st.sampled_from(TRAPS),
    st.just(""),
)
ANSWERS = st.lists(THEIR_LINES, min_size=1, max_size=5).map("\n".join).map(str.strip).filter(bool)


REWRITINGS = {
    "as it was": lambda text: text,
    "folded at 76": lambda text: "\n".join(each for line in text.split("\n") for each in wrapped(line, 76)),
    "folded at 60": lambda text: "\n".join(each for line in text.split("\n") for each in wrapped(line, 60)),
    "with stars": lambda text: text.replace("Bonjour", "*Bonjour*").replace("rencontre", "*rencontre*"),
    "with links in brackets": lambda text: text.replace(" :\nhttps://", " <https://").replace("\nhttps://", "\n<https://"),
    "with unbreakable blanks": lambda text: text.replace(" :", "\u00a0:").replace(", ", ",\u202f"),
    "with other bullets": lambda text: text.replace("\n- ", "\n   * "),
    "with double blank lines": lambda text: text.replace("\n\n", "\n\n\n"),
}  # fmt: skip


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    form=st.sampled_from(sorted(FORMS)),
    answer=ANSWERS,
    original=ours(),
    rewriting=st.sampled_from(sorted(REWRITINGS)),
    known=st.booleans(),
)
def test_no_word_of_the_answer_is_lost_and_no_line_of_ours_is_left_in_it_whatever_the_client(
    form: str, answer: str, original: str, rewriting: str, known: bool
) -> None:
    received = fill_in(FORMS[form], answer, REWRITINGS[rewriting](original))

    assert new_text(received, sent=original if known else "") == answer


BETWEEN = st.sampled_from(
    [
        "Oui",
        "Non, pas encore.",
        "oui, le 12 mars",
        "Le 3 avril à 10 h.",
        "👍",
        "Oui :\n- mardi\n- jeudi",
        "https://visio.example/salle",
    ]
)
FRAMES = frames()


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    frame=st.sampled_from(sorted(FRAMES)),
    original=ours(),
    answered=st.lists(st.tuples(st.integers(0, 30), BETWEEN), min_size=1, max_size=4),
    sign=st.booleans(),
)
def test_answers_between_our_lines_are_kept_in_their_order(
    frame: str, original: str, answered: list[tuple[int, str]], sign: bool
) -> None:
    paragraphs = original.split("\n\n")
    answers = {place % len(paragraphs): answer for place, answer in answered}
    body = [FRAMES[frame]]
    for i, paragraph in enumerate(paragraphs):
        body += [quoted(paragraph) if sign else paragraph, *([answers[i]] if i in answers else [])]

    found = new_text("\n\n".join(body), sent=original)

    assert found.split() == [word for i in sorted(answers) for word in answers[i].split()]


def test_an_answer_below_the_quotation_is_found_with_those_above_and_within() -> None:
    text = (
        f"Voir plus bas.\n\n{FRAMES['Gmail']}\n> Venez-vous ?\nOui\n> Quand ?\n\nLe 12 mars.\n\n-- \nJean\n"
    )

    assert new_text(text) == "Voir plus bas.\n\nOui\n\nLe 12 mars.\n\n-- \nJean"


@pytest.mark.parametrize("sent", ["", SENT], ids=["whatever was sent", "knowing what was sent"])
@pytest.mark.parametrize("frame", FRAMES)
def test_a_reply_that_holds_nothing_but_the_quotation_says_nothing(frame: str, sent: str) -> None:
    assert new_text(f"\n{FRAMES[frame]}\n\n{SENT}", sent=sent) == ""
    assert new_text(f"\n{FRAMES[frame]}\n\n{quoted(SENT)}", sent=sent) == ""


@pytest.mark.parametrize(
    "answer",
    [
        "OUI",
        "Oui",
        "La coordination",
        "Votre premier rendez-vous avec Awa a-t-il eu lieu ? Répondez OUI ou NON,",
    ],
)
def test_an_answer_that_is_a_line_of_ours_is_kept(answer: str) -> None:
    assert new_text(answer, sent=SENT) == answer


def test_an_answer_copied_from_an_example_of_ours_is_kept_above_the_quotation() -> None:
    sent = "Bonjour Jean,\n\nRépondez par exemple :\n\nOui, vus le 12 mars à Lyon.\n\nLa coordination\n"
    text = f"Bonjour,\nOui, vus le 12 mars à Lyon.\n\n{FRAMES['Outlook']}\n\n{sent}"

    assert new_text(text, sent=sent) == "Bonjour,\nOui, vus le 12 mars à Lyon."


def test_an_older_exchange_below_ours_is_not_an_answer() -> None:
    older = "De : Jean <jean@univ.example>\nEnvoyé : jeudi 2 avril 2026 09:00\nÀ : X\nObjet : Y\n\nNon"

    assert new_text(f"Oui\n\n{FRAMES['Outlook']}\n\n{SENT}\n{older}", sent=SENT) == "Oui"


def test_what_we_sent_is_known_under_a_frame_that_no_rule_knows() -> None:
    assert new_text(f"Oui\n\n--[ Xyz: 3 ]--\nXyzzy\n\n{SENT}", sent=SENT) == "Oui\n\n--[ Xyz: 3 ]--\nXyzzy"
    assert new_text(f"Oui\n\n{SENT}", sent=SENT) == "Oui"


def test_several_texts_that_we_sent_can_be_known_at_once() -> None:
    second = "Bonjour Jean,\n\nNous restons sans nouvelles de votre rendez-vous.\n\nLa coordination\n"

    assert new_text(f"Oui\n\n{second}", sent=f"{SENT}\n{second}") == "Oui"


def test_an_answer_below_a_long_quotation_is_found_within_20_000_characters() -> None:
    original = "\n".join(f"{i} Votre rendez-vous aura lieu comme prévu." for i in range(300))

    assert new_text(f"{FRAMES['Thunderbird']}\n{quoted(original)}\n\nOui") == "Oui"
    assert new_text("Oui\n\n" + f"{original}\n" * 10, sent=original) == "Oui"


# Each is repeated until it is 60,000 characters long; `_` is a blank, `/` the end of a line.
HOSTILE = """
On On_ Le Le_ > >_ >/ >// De_:_ De_:/ De_:_a/ De:_a@b/ / _/ < - -/ -----_ -----/ ____________/x/ _ a@ a@b: a@b:/ a:/ 1:
1.2.26_ Le_3_avril_2026_à_10:12_ Le_3_avril_2026_à_10:12,/ a_écrit_: a_écrit_:/ Bob_a_écrit_:/>_x/ Merci,_ Merci/ *
Envoyé_de_mon_ Envoyé_de_mon_iPhone/ Message_d'origine/ ---_Message_original_--- Date:_a@b/ https: <https:> <https:>/
---03.04.2026_10:12:33---/ De:_a@b_Date:_Objet:_ Votre_premier_rendez-vous_avec_Awa/ \u00a0 \u200b \ue000 \ue000/
"""


@pytest.mark.parametrize("piece", HOSTILE.split())
def test_no_text_keeps_it_busy(piece: str) -> None:
    text = piece.replace("_", " ").replace("/", "\n")

    for sent in ("", SENT, text * 100):
        assert len(new_text(text * (60_000 // len(text)), sent=sent)) <= 20_000


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.text(st.characters(codec="utf-8") | st.sampled_from(list(">:\n -_*@<>Le3/0\u00a0")), max_size=300))
def test_any_text_is_read(text: str) -> None:
    assert len(unsigned(new_text(text, sent=SENT))) <= len(text)


def test_accents_written_apart_are_the_same() -> None:
    apart = unicodedata.normalize("NFD", f"{FRAMES['Gmail']}\n\n{SENT}")

    assert new_text(f"Oui\n\n{apart}", sent=SENT) == "Oui"


def test_a_long_paragraph_of_ours_on_one_line_is_known() -> None:
    sent = (
        " ".join(f"Phrase {i} d’un long paragraphe de notre message." for i in range(35)) + "\n\nÀ bientôt\n"
    )
    folded = "\n".join(wrapped(sent, 72))

    assert new_text(f"Oui\n\n{sent}", sent=folded) == "Oui"
    assert new_text(f"Oui\n\n{folded}", sent=sent) == "Oui"
