"""Every mail, rendered; with plausible values, then with hostile ones."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ponts_flows.mail.compose import Bilingual, Composed, compose
from ponts_flows.mail.rendering import one_line
from ponts_flows.mail.templates import TemplateError, load, names
from ponts_flows.model import Language

from .people import MENTOR, PROGRAMME, REFERENCE, SAMPLES, SECRET

FRENCH, ENGLISH = Language.FRENCH, Language.ENGLISH
BOTH = (FRENCH, ENGLISH)
HOSTILE = (
    "Jean <b>*x* [a](javascript:1)",
    "{{ 7*7 }}{% for x in y %}",
    "a\r\nBcc: tous@exemple.example\r\n\r\nOUI",
    "<script>alert(1)</script>",
    '"><img src=x onerror=1>',
    "# Titre\n- puce\n> citation",
    "\ue0000\ue001\ue0001\ue001",
    "&lt;b&gt; &amp; &#60;",
    "![i](https://traqueur.example/x.png) <https://traqueur.example>",
    "a\u202egnp.exe\x00\x07",
    "_a_ **b** `c` ~~d~~ | e |",
)


class Page(HTMLParser):
    """The tags and links of a page, and its words as a reader sees them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words = ""
        self._style = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._style = tag == "style"
        self.links.extend(value or "" for name, value in attrs if name in ("href", "src"))
        assert not [name for name, _ in attrs if name.startswith("on")]

    def handle_endtag(self, tag: str) -> None:
        self._style = False

    def handle_data(self, data: str) -> None:
        if not self._style:
            self.words += data


def composed(name: str, *languages: Language, **changes: object) -> Composed:
    return compose(
        name, languages or (FRENCH,), {**SAMPLES[name], **changes}, programme=PROGRAMME, reference=REFERENCE
    )


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize("name", names())
def test_every_mail_says_why_it_was_sent_whom_to_write_to_how_to_stop_and_its_reference(
    name: str, language: Language
) -> None:
    mail = composed(name, language)

    words = {FRENCH: f"Réf. {REFERENCE}", ENGLISH: f"Ref. {REFERENCE}"}[language]
    for part in (flat(mail.text), flat(Page(mail.html).words)):
        assert load(name, language).reason.split("{{")[0].strip() in part
        assert PROGRAMME.mailbox in part
        assert words in part
        assert ("STOP" in part) == (name != "introduction")


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize("name", names())
def test_every_mail_is_one_light_page_without_image_script_or_outside_resource(
    name: str, language: Language
) -> None:
    mail = composed(name, language)
    page = Page(mail.html)

    assert len(mail.html.encode()) < 30_000
    assert {"img", "script", "link", "iframe", "form"}.isdisjoint(page.tags)
    assert all(link.startswith(("https://", "mailto:")) for link in page.links)
    assert f'<html lang="{language}"' in mail.html
    assert mail.html.count("<table") == mail.html.count('role="presentation"')


@pytest.mark.parametrize("name", names())
def test_every_line_of_text_is_short_unless_it_is_a_link(name: str) -> None:
    lines = composed(name, *BOTH).text.split("\n")

    assert [line for line in lines if len(line) > 72 and "https://" not in line] == []


def test_two_mails_of_one_template_hold_each_their_own_values() -> None:
    one, other = (composed("pairing-mentor", first_name=name) for name in ("Anne", "Bernard"))

    assert one.text.startswith("Bonjour Anne,")
    assert other.text.startswith("Bonjour Bernard,")
    assert "Anne" not in other.text + other.html


# Fields that choose between wordings, and are not people's words.
CHOICES = frozenset({"role", "answer", "what", "said"})
# What a link may be: the address of a form with anything pre-filled in it.
LINKS = st.sampled_from(HOSTILE).map(lambda value: "https://forms.example/?entry=" + value)


def hostile(name: str, value: object) -> st.SearchStrategy[object]:
    """Values of the same shape, written by someone who means harm."""
    text = st.sampled_from(HOSTILE) | st.text(max_size=60)
    if name.endswith("_link"):
        return LINKS
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return st.lists(st.tuples(text, LINKS), max_size=3).map(tuple)
    if isinstance(value, tuple):
        return st.lists(text, min_size=1, max_size=3).map(tuple)
    if isinstance(value, int | date) or name in CHOICES:
        return st.just(value)
    return text


@st.composite
def hostile_mails(draw: st.DrawFn) -> tuple[str, Language, dict[str, object]]:
    name = draw(st.sampled_from(names()))
    values = {field: draw(hostile(field, value)) for field, value in SAMPLES[name].items()}
    return name, draw(st.sampled_from(BOTH)), values


def texts(values: dict[str, object]) -> list[str]:
    """Every text of the values that is shown as such."""
    found: list[str] = []
    for name, value in values.items():
        items = value if isinstance(value, tuple) else (value,)
        for item in items:
            shown = item[0] if isinstance(item, tuple) else item
            if isinstance(shown, str) and not name.endswith("_link") and name not in CHOICES:
                found.append(one_line(shown))
    return found


@settings(max_examples=100, deadline=None)
@given(hostile_mails())
def test_no_value_is_ever_markup_template_or_link_and_each_is_shown_as_it_was_written(
    case: tuple[str, Language, dict[str, object]],
) -> None:
    name, language, values = case
    plain = composed(name, language, **{k: v for k, v in values.items() if isinstance(v, tuple)})
    mail = compose(name, (language,), values, programme=PROGRAMME, reference=REFERENCE)
    page = Page(mail.html)

    assert {"script", "img", "b", "h1", "code"}.isdisjoint(page.tags)
    assert all(
        link.startswith(("https://forms.example/", "https://ponts.org/", "mailto:mentoring@"))
        for link in page.links
    )
    assert len(page.links) == len(Page(plain.html).links)
    assert "\n" not in mail.subject
    for text in texts(values):
        assert flat(text) in flat(mail.text)
        assert flat(text) in flat(page.words)


def test_a_name_that_is_markup_reads_the_same_in_both_parts() -> None:
    mail = composed(
        "pairing-no-noted", first_name="Jean <b>*x* [a](javascript:1)", other_first_name="{{ 7*7 }}"
    )

    assert "Bonjour Jean <b>*x* [a](javascript:1)," in mail.text
    assert "Bonjour Jean &lt;b&gt;*x* [a](javascript:1)," in mail.html
    assert "un binôme avec {{ 7*7 }}." in mail.text


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//exemple.example",
        "exemple.example",
        "",
        "ftp://x.example",
    ],
)
def test_a_link_of_another_kind_than_http_https_or_mailto_is_refused(link: str) -> None:
    with pytest.raises(TemplateError, match="pairing-reminder: A link"):
        composed("pairing-reminder", answer_link=link)


def test_a_missing_and_an_unknown_value_are_refused_by_their_names() -> None:
    with pytest.raises(TemplateError, match=r"fr/dues\.md lacks a value for: correction_link, first_name"):
        compose("dues", (FRENCH,), {}, programme=PROGRAMME, reference=REFERENCE)
    with pytest.raises(TemplateError, match=r"fr/dues\.md has no field for: city"):
        composed("dues", city="Lyon")


def test_a_value_that_is_no_text_is_refused() -> None:
    with pytest.raises(TemplateError, match=r"fr/dues\.md, first_name: .* type dict"):
        composed("dues", first_name={"a": 1})


def test_a_date_a_bilingual_value_and_the_charter_s_numbers_follow_the_language() -> None:
    in_french = flat(composed("pairing-mentor", FRENCH, answer_before=date(2026, 12, 10)).text)
    in_english = flat(composed("pairing-mentor", ENGLISH, answer_before=date(2026, 12, 10)).text)

    assert "avant le jeudi 10 décembre 2026." in in_french
    assert "before Thursday 10 December 2026." in in_english
    assert "Thèmes en commun : Networking, Confiance en soi" in in_french
    assert "Themes in common: Networking, Self-confidence" in in_english
    assert "pendant 6 mois" in in_french
    assert "for 6 months" in in_english


def test_what_is_unknown_of_the_other_leaves_no_empty_line() -> None:
    unknown = {
        "graduation_year": None,
        "employer": "",
        "function": "",
        "sector": "",
        "city": "",
        "themes": (),
    }

    mail = composed("pairing-mentor", ENGLISH, **unknown)

    assert "    Bastien\n    Meetings: in person or by video\n    Languages: French, English\n\n" in mail.text


def test_the_proposal_tells_nothing_that_leads_to_the_other_before_both_agreed() -> None:
    for name, other in (("pairing-mentor", "Le Goff"), ("pairing-mentee", "Dubreuil")):
        mail = composed(name, *BOTH)

        for part in (mail.subject, mail.text, mail.html):
            assert other not in part
            assert "@exemple.example" not in part
            assert SECRET not in part


def test_the_introduction_gives_each_the_other_s_contacts_but_nothing_confidential() -> None:
    mail = composed("introduction")

    for part in (mail.text, mail.html):
        assert MENTOR.email in part
        assert "bastien.legoff@exemple.example" in part
        assert SECRET not in part


def test_a_mail_in_two_languages_holds_one_block_for_each_in_the_order_given() -> None:
    mail = composed("introduction", *BOTH)

    french, english = mail.subject.split(" / ")
    assert french == "Votre binôme : Bastien Le Goff et Hélène Dubreuil"
    assert english == "Your pairing: Bastien Le Goff and Hélène Dubreuil"
    assert mail.text.index("Bonjour Bastien") < mail.text.index("Hello Bastien") < mail.text.index("Réf.")
    assert re.findall(r'<td class="(?:block|foot)[^>]* lang="(..)"', mail.html) == ["fr", "en", "fr", "en"]
    assert '<html lang="fr"' in mail.html


def test_a_paragraph_that_is_a_link_is_a_button_in_html_and_a_labelled_address_in_text() -> None:
    mail = composed("dues", ENGLISH, correction_link="https://forms.example/?a=1&b=2")

    assert '<a class="button" href="https://ponts.org/adhesion"' in mail.html
    assert "\nJoin or renew: https://ponts.org/adhesion\n" in mail.text
    assert "your form (https://forms.example/?a=1&b=2)." in flat(mail.text)
    assert 'href="https://forms.example/?a=1&amp;b=2"' in mail.html


def test_a_link_is_never_cut_in_the_text_however_long() -> None:
    link = "https://forms.example/" + "a" * 800

    assert link in composed("pairing-reminder", answer_link=link).text.split()


def test_a_value_of_any_length_keeps_the_mail_under_what_gmail_clips() -> None:
    mail = composed("correction", first_name="x" * 100_000, problems=("é" * 100_000,) * 10)

    assert len(mail.html.encode()) < 102_000
    assert "x" * 1000 + "…" in mail.text


def test_a_bilingual_value_may_stand_in_a_list_of_links() -> None:
    mail = composed(
        "digest", ENGLISH, to_decide=((Bilingual(fr="Rien", en="Nothing"), "https://board.example/"),)
    )

    assert "- Nothing: https://board.example/" in mail.text


def test_the_preheader_shows_the_beginning_without_the_greeting() -> None:
    mail = composed("pairing-yes-noted")

    assert '<div class="preheader" aria-hidden="true"' in mail.html
    assert ">Noté\u00a0: votre réponse est oui. Merci" in mail.html.replace("&nbsp;", "\u00a0")


def test_the_first_of_a_month_is_an_ordinal_in_french_and_in_french_alone() -> None:
    values = {**SAMPLES["renewal"], "term_on": date(2027, 6, 1)}

    french, english = (
        compose("renewal", (language,), values, programme=PROGRAMME, reference=REFERENCE).text
        for language in (Language.FRENCH, Language.ENGLISH)
    )

    assert "mardi 1er juin 2027" in " ".join(french.split())
    assert "Tuesday 1 June 2027" in " ".join(english.split())
