"""A mail whose subject or text a coordinator wrote: checked with invented values before anybody is sent it.

Subject and text alone are theirs. The reason of the mail, the contact, how to stop and the reference stand in the
footer, which no text reaches.
"""

from __future__ import annotations

from dataclasses import replace

from ponts_flows.mail.braces import TextFault, shown, template_of
from ponts_flows.mail.compose import Composed, compose
from ponts_flows.mail.field_words import WORDS
from ponts_flows.mail.samples import OTHERWISE, REFERENCE, SAMPLES, Values
from ponts_flows.mail.templates import STANDARD, Template, TemplateError, load
from ponts_flows.model import Language
from ponts_flows.programme import Programme

LONGEST_TEXT = 50_000
"""What a cell of a spreadsheet holds."""
LONGEST_SUBJECT = 150
GMAIL_CLIPS_AT = 102_000


def default(name: str, language: Language) -> tuple[str, str]:
    """The subject and the text of the files, in words that coordinators read."""
    template = load(name, language)
    return shown(template.subject), shown(template.body)


def words_for(name: str, language: Language) -> tuple[str, ...]:
    """What may stand in braces in a message: its own words, then those of every mail."""
    own = load(name, language).fields
    return tuple(WORDS[field] for field in (*own, *sorted(STANDARD)))


def written(name: str, language: Language, *, subject: str, body: str) -> Template:
    """A message with the subject and the text given, each that of the file where it is blank; TextFault."""
    template = load(name, language)
    allowed = {*template.fields, *STANDARD}
    if subject.strip():
        template = replace(template, subject=template_of(subject.strip(), allowed))
    if body.strip():
        template = replace(template, body=template_of(body.strip("\r\n"), allowed))
    return template


def check(name: str, language: Language, *, subject: str, body: str, programme: Programme) -> None:
    """Compose the message on each of its occasions with a subject or a text of a coordinator's; TextFault.

    `programme` is the one it would be sent by.
    """
    if "\n" in subject.strip():
        raise TextFault("un objet tient sur une ligne")
    if max(len(subject), len(body)) > LONGEST_TEXT:
        raise TextFault(f"au plus {LONGEST_TEXT} signes")
    template = written(name, language, subject=subject, body=body)
    for changes in ({}, *OTHERWISE.get(name, {}).values()):
        mail = _composed(template, {**SAMPLES[name], **changes}, programme)
        if not mail.subject:
            raise TextFault("l'objet serait vide")
        if len(mail.subject) > LONGEST_SUBJECT:
            raise TextFault(f"l'objet dépasse {LONGEST_SUBJECT} signes")
        if len(mail.html.encode()) > GMAIL_CLIPS_AT:
            raise TextFault("ce texte est si long que Gmail le couperait")


def _composed(template: Template, values: Values, programme: Programme) -> Composed:
    texts = {(template.name, template.language): template}
    try:
        return compose(
            template.name,
            (template.language,),
            values,
            programme=programme,
            reference=REFERENCE,
            texts=texts,
        )
    except TemplateError as error:
        raise TextFault(
            "un lien ne mène nulle part, ou un {si …} compare ce qui ne se compare pas ; un lien s'écrit "
            "[son texte](https://…)"
        ) from error


def links_left_out(template: Template) -> tuple[str, ...]:
    """The links that the file's text gives its reader and that this one does not."""
    links = [field for field in template.fields if field.endswith("_link")]
    return tuple(WORDS[link] for link in links if link not in template.body)
