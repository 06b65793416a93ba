"""Words in braces: what a coordinator may write, what it becomes, and what is refused with its reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ponts_flows.forms.folding import folded
from ponts_flows.mail import edited
from ponts_flows.mail.braces import TextFault, shown, template_of
from ponts_flows.mail.field_words import ITEMS, VALUES, WORDS
from ponts_flows.mail.templates import STANDARD, load, names
from ponts_flows.model import Language

FIELDS = {"first_name", "role", "sector", "themes", "sessions", "answer_link"}


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("language", Language)
def test_every_text_of_the_files_can_be_copied_as_it_is_shown_and_means_the_same(
    name: str, language: Language
) -> None:
    template = load(name, language)
    subject, body = edited.default(name, language)

    copied = edited.written(name, language, subject=subject, body=body)

    assert (copied.subject, copied.body) == (template.subject, template.body)
    assert "{{" not in body
    assert "{%" not in body


def test_every_field_of_every_mail_has_a_word_and_no_two_share_one() -> None:
    fields = {field for name in names() for language in Language for field in load(name, language).fields}

    assert fields | STANDARD | {item for items in ITEMS.values() for item in items} <= set(WORDS)
    assert len({folded(word) for word in WORDS.values()}) == len(WORDS)
    assert len({folded(word) for word in VALUES.values()}) == len(VALUES)


@pytest.mark.parametrize(
    ("text", "template"),
    [
        ("Bonjour {prénom},", "Bonjour {{ first_name }},"),
        ("Bonjour { PRENOM },", "Bonjour {{ first_name }},"),
        ("{si secteur}\nSecteur : {secteur}\n{fin}", "{% if sector %}\nSecteur : {{ sector }}\n{% endif %}"),
        ("{Si rôle = mentor}a{Sinon}b{Fin}", '{% if role == "mentor" %}a{% else %}b{% endif +%}'),
        ("{si nombre de rencontres > 1}a{fin}.", "{% if sessions > 1 %}a{% endif %}."),
        ("{si nombre de thèmes = 2}a{fin}.", "{% if themes | length == 2 %}a{% endif %}."),
        ("{pour chaque thèmes}\n- {thème}\n{fin}", "{% for theme in themes %}\n- {{ theme }}\n{% endfor %}"),
        ("{thèmes}", '{{ themes | join(", ") }}'),
    ],
)
def test_words_in_braces_become_the_code_of_a_template(text: str, template: str) -> None:
    assert template_of(text, FIELDS) == template


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "a\nBonjour {prénon}",
            "ligne 2 : {prénon} n'existe pas dans ce message ; vouliez-vous écrire {prénom} ?",
        ),
        ("{adresse du binôme}", "{adresse du binôme} n'existe pas dans ce message"),
        ("{{ first_name }}", "une seule accolade de chaque côté"),
        ("{% for a in b %}", "une seule accolade de chaque côté"),
        ("{# note #}", "une seule accolade de chaque côté"),
        ("{prénom", "une accolade est ouverte ou fermée sans l'autre"),
        ("prénom}", "une accolade est ouverte ou fermée sans l'autre"),
        ("{si secteur} x", "le bloc ouvert ligne 1 n'a pas de {fin}"),
        ("x {fin}", "{fin} ne ferme rien"),
        ("{sinon}", "{sinon} n'est pas dans un {si …}"),
        ("{pour chaque thèmes}{sinon}{fin}", "{sinon} n'est pas dans un {si …}"),
        ("{pour chaque prénom}{fin}", "« prénom » n'est pas une liste"),
        ("{pour chaque thèmes}{pour chaque thèmes}{fin}{fin}", "est déjà dans une liste"),
        ("{thème}", "{thème} n'existe pas dans ce message"),
        ("{si rôle = chef}{fin}", "« chef » ne peut pas être comparé"),
        ("{si rôle > mentor}{fin}", "« mentor » ne peut pas être comparé"),
        ("{prénom.__class__}", "n'existe pas dans ce message"),
        ("{prénom|safe}", "n'existe pas dans ce message"),
        ("{_shelter}", "{_shelter} n'existe pas dans ce message"),
        ("{}", "{} n'existe pas dans ce message"),
    ],
)
def test_what_leads_to_nothing_is_refused_and_the_reason_names_the_line(text: str, why: str) -> None:
    with pytest.raises(TextFault) as fault:
        template_of(text, FIELDS)

    assert why in str(fault.value)


CODE = (
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "#}",
    "{",
    "}",
    "prénom",
    "si ",
    "fin",
    "|",
    ".__class__",
    "\n",
    "x",
    "\ue000",
)


@given(st.lists(st.sampled_from(CODE), max_size=12).map("".join))
def test_no_text_becomes_code_that_the_tables_do_not_hold(text: str) -> None:
    try:
        made = template_of(text, FIELDS)
    except TextFault:
        return

    assert set(_codes(made)) <= {"{{ first_name }}", "{% if first_name %}", "{% endif %}", "{% endif +%}"}
    assert "\ue000" not in made
    assert shown(made).count("{") == text.count("{")


def _codes(template: str) -> list[str]:
    """What stands between a template's marks of code, with all braces accounted for."""
    codes, rest = [], template
    while "{" in rest:
        _, _, rest = rest.partition("{")
        inside, _, rest = rest.partition("}")
        closing = "}" if rest.startswith("}") else ""
        rest = rest.removeprefix("}")
        codes.append("{" + inside + "}" + closing)
    return codes
