"""What the mails say of people: of the other half before both agreed, and of both once they did."""

from __future__ import annotations

from ponts_flows.answers import Way
from ponts_flows.mail.compose import Bilingual
from ponts_flows.model import Language, Mode, Profile
from ponts_flows.programme import Programme

LANGUAGE_WORDS = {
    Language.FRENCH: Bilingual(fr="français", en="French"),
    Language.ENGLISH: Bilingual(fr="anglais", en="English"),
}
MODE_WORDS = {
    Mode.IN_PERSON: Bilingual(fr="en présentiel", en="in person"),
    Mode.VIDEO: Bilingual(fr="en visio", en="by video"),
    Mode.EITHER: Bilingual(fr="en présentiel ou en visio", en="in person or by video"),
}
WAY_WORDS = {
    Way.IN_PERSON: Bilingual(fr="en présentiel", en="in person"),
    Way.VIDEO: Bilingual(fr="en visio", en="by video"),
    Way.PHONE: Bilingual(fr="au téléphone", en="by phone"),
}


def portrait(profile: Profile, *, common_themes: tuple[str, ...], programme: Programme) -> dict[str, object]:
    """What one half of a pairing reads of the other when asked.

    No last name, no contact detail, nothing written in confidence. `common_themes` are identifiers.
    """
    themes = tuple(programme.theme(id) for id in common_themes)
    return {
        "other_first_name": profile.first_name,
        "graduation_year": profile.graduation_year,
        "employer": profile.employer,
        "sector": profile.sector,
        "function": profile.function,
        "city": profile.city,
        "themes": tuple(Bilingual(fr=theme.fr, en=theme.en) for theme in themes),
        "spoken": tuple(LANGUAGE_WORDS[language] for language in profile.languages),
        "mode": MODE_WORDS[profile.mode],
    }


def contacts(mentor: Profile, mentee: Profile) -> dict[str, object]:
    """What the introduction says of both, once both have agreed."""
    return {
        f"{role}_{name}": value
        for role, profile in (("mentee", mentee), ("mentor", mentor))
        for name, value in (
            ("first_name", profile.first_name),
            ("name", profile.full_name),
            ("email", profile.email),
            ("employer", profile.employer),
            ("city", profile.city),
        )
    }
