"""What engaged people say by a form: values, or problems in their language that repeat nothing confidential."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ponts_flows.answers import (
    KINDS,
    Again,
    EventAnswer,
    Extension,
    Going,
    Held,
    MidpointAnswer,
    ParticipationAnswer,
    RenewalAnswer,
    ReviewAnswer,
    SessionReport,
    Use,
    Value,
    Way,
    Wish,
)
from ponts_flows.forms import Answers, Kind, SaidReading, load, read_said
from ponts_flows.forms.sentences import problem, shown_day
from ponts_flows.model import Answer, Language
from ponts_flows.programme import Programme
from tests.forms.builders import TODAY

FRENCH, ENGLISH = Language.FRENCH, Language.ENGLISH
SPECS = {name: load(name, Programme()) for name in KINDS}
CONSENT = "J'accepte que la coordination lise ce message"


def said(form: str, *, language: Language = FRENCH, token: str = "tok.en", **answers: object) -> SaidReading:
    """The reading of answers to a form given on 16 November 2026; several ticks are a tuple."""
    given = {"token": token, **answers}
    texts = {
        field: tuple(map(str, value)) if isinstance(value, tuple) else (str(value),)
        for field, value in given.items()
        if value != ""
    }
    return read_said(SPECS[form], texts, language=language, today=TODAY)


def value(form: str, *, language: Language = FRENCH, **answers: object) -> Value | None:
    """The value read; a problem fails the test."""
    reading = said(form, language=language, **answers)
    assert reading.problems == ()
    return reading.value


def problems(form: str, *, language: Language = FRENCH, **answers: object) -> list[str]:
    """What the author is told."""
    return [problem.text for problem in said(form, language=language, **answers).problems]


WHOLE = SessionReport(
    held=Held.HELD,
    on=date(2026, 11, 12),
    way=Way.VIDEO,
    minutes=90,
    next_on=date(2026, 12, 10),
    next_at=time(18, 30),
    next_way=Way.IN_PERSON,
    next_theme="networking",
    call_me=True,
    note="Merci.",
    share_note=True,
)


def test_a_report_filled_in_on_the_french_form_is_read_whole() -> None:
    assert (
        value(
            "session",
            held="Oui, elle a eu lieu",
            on="2026-11-12",
            way="En visio",
            minutes="1 h 30",
            next_on="2026-12-10",
            next_at="18:30",
            next_way="En présentiel",
            next_theme="Networking",
            call_me="Je souhaite qu'une personne de la coordination m'appelle",
            note="Merci.",
            share_note=CONSENT,
        )
        == WHOLE
    )


def test_a_report_filled_in_on_the_english_form_is_the_same() -> None:
    assert (
        value(
            "session",
            language=ENGLISH,
            held="Yes, it took place",
            on="2026-11-12",
            way="By video",
            minutes="1 h 30",
            next_on="2026-12-10",
            next_at="18:30",
            next_way="In person",
            next_theme="Networking",
            call_me="I would like a coordinator to call me",
            note="Merci.",
            share_note="I agree that the coordinators read this message",
        )
        == WHOLE
    )


def test_a_report_typed_by_hand_in_a_sheet_is_the_same() -> None:
    assert (
        value(
            "session",
            held="oui",
            on="jeudi 12 novembre 2026",
            way="visio",
            minutes="1h30",
            next_on="10/12/26",
            next_at="18h30",
            next_way="présentiel",
            next_theme="networking",
            call_me="oui",
            note="Merci.",
            share_note="oui",
        )
        == WHOLE
    )


@pytest.mark.parametrize(
    ("form", "answers", "expected"),
    [
        ("session", {"held": "held", "on": "2026-11-16"}, SessionReport(held=Held.HELD, on=TODAY)),
        (
            "session",
            {"held": "missed", "on": "2026-11-02"},
            SessionReport(held=Held.MISSED, on=date(2026, 11, 2)),
        ),
        (
            "session",
            {"held": "Non", "on": "2026-12-02", "next_on": "2026-12-09"},
            SessionReport(held=Held.MISSED, on=date(2026, 12, 2), next_on=date(2026, 12, 9)),
        ),
        (
            "session",
            {"held": "planned", "on": "2026-12-02", "next_on": "2026-12-02"},
            SessionReport(held=Held.PLANNED, next_on=date(2026, 12, 2)),
        ),
        ("session", {"held": "planned"}, SessionReport(held=Held.PLANNED)),
        ("session", {"held": "silent", "call_me": "call"}, SessionReport(held=Held.SILENT, call_me=True)),
        (
            "session",
            {"held": "planned", "next_on": "2026-11-16"},
            SessionReport(held=Held.PLANNED, next_on=TODAY),
        ),
        ("midpoint", {}, MidpointAnswer()),
        (
            "midpoint",
            {
                "going": "Difficilement : de l'aide serait bienvenue",
                "themes": ("Organisation", "Networking"),
                "extension": "Je ne sais pas encore",
                "call_me": "call",
            },
            MidpointAnswer(
                going=Going.HARD,
                themes=("organisation", "networking"),
                extension=Extension.UNSURE,
                call_me=True,
            ),
        ),
        (
            "midpoint",
            {"going": "Avec quelques difficultés, que nous réglons entre nous", "extension": "Non"},
            MidpointAnswer(going=Going.ADJUSTING, extension=Extension.NO),
        ),
        ("renewal", {"answer": "Oui, je souhaite continuer"}, RenewalAnswer(answer=Answer.YES)),
        (
            "renewal",
            {"answer": "No, I would rather end at 6 months", "note": "Trop loin."},
            RenewalAnswer(answer=Answer.NO, note="Trop loin."),
        ),
        ("review", {}, ReviewAnswer()),
        (
            "review",
            {
                "key_points": "La confiance.",
                "results": "Un poste.",
                "value": "Du recul.",
                "share_texts": "J'accepte que la coordination lise ces trois textes",
                "score": "0",
                "again": ("Être de nouveau mentor, dès que possible", "Devenir mentor plus tard"),
                "testimony": "À faire.",
                "video": "Contactez-moi pour une vidéo",
                "uses": ("Publier sur le site de Ponts Alumni", "Citer mon nom"),
            },
            ReviewAnswer(
                key_points="La confiance.",
                results="Un poste.",
                value="Du recul.",
                share_texts=True,
                score=0,
                again=(Again.MENTOR_AGAIN, Again.MENTOR_LATER),
                testimony="À faire.",
                video=True,
                uses=(Use.WEBSITE, Use.NAME),
            ),
        ),
        ("participation", {"wish": "Arrêter ce binôme"}, ParticipationAnswer(wish=Wish.STOP)),
        (
            "participation",
            {"wish": "Go on without reminders", "note": "Je lis tout.", "share_note": CONSENT},
            ParticipationAnswer(wish=Wish.NO_REMINDERS, note="Je lis tout.", share_note=True),
        ),
        ("event", {"answer": "Non, je ne viens pas"}, EventAnswer(answer=Answer.NO)),
        ("event", {"answer": "Yes, I am coming"}, EventAnswer(answer=Answer.YES)),
    ],
)
def test_an_answer_becomes_a_value(form: str, answers: dict[str, object], expected: Value) -> None:
    assert value(form, **answers) == expected


def test_every_choice_of_every_form_is_read_as_itself_in_both_languages() -> None:
    for name, spec in SPECS.items():
        for question in (question for question in spec.questions if question.kind.has_choices):
            for choice in question.choices:
                dated = {"on": "2026-11-12"} if choice.id in ("held", "missed") else {}
                needed = {"held": "planned", "answer": "yes", "wish": "back"}
                other = {field: said_ for field, said_ in needed.items() if spec.asks(field)}
                for language in Language:
                    words = choice.wording.of(language)
                    found = value(name, language=language, **{**other, **dated, question.field: words})
                    by_id = value(name, language=language, **{**other, **dated, question.field: choice.id})

                    assert found == by_id, (name, question.field, words)


def test_the_code_of_the_link_comes_with_the_answer() -> None:
    assert said("event", token=" tok.en ", answer="yes").token == "tok.en"


@pytest.mark.parametrize("name", KINDS)
def test_an_answer_without_its_code_says_so_in_its_language(name: str) -> None:
    filled = {"held": "planned", "answer": "yes", "wish": "stop"}
    answers = {field: text for field, text in filled.items() if SPECS[name].asks(field)}

    assert problems(name, token="", **answers) == [
        "Code de votre lien : il manque. Rouvrez le lien du message sans modifier cette ligne."
    ]
    assert problems(name, language=ENGLISH, token="", **answers) == [
        "Code of your link: it is missing. Open the link again and leave this line as it is."
    ]


ON, ON_EN = "« Date de cette rencontre »", '"Date of this meeting"'
NEXT, NEXT_EN = "« Date de la prochaine rencontre »", '"Date of the next meeting"'
DAY = "Indiquez le jour, le mois et l'année, par exemple 16 novembre 2026."
DAY_EN = "Give the day, the month and the year, for instance 16 November 2026."
HELD = (
    "« Oui, elle a eu lieu », « Non, elle était prévue et n'a pas eu lieu, ou elle est annulée », « Pas encore, mais "
    "nous sommes en contact », « Pas encore, et nous ne sommes pas en contact »"
)
HELD_EN = (
    '"Yes, it took place", "No, it was planned and did not take place, or it is called off", "Not yet, but we are in '
    'touch", "Not yet, and we are not in touch"'
)
TO_COME = (
    f"{ON} : le 17 novembre 2026 n'est pas encore passé. Une rencontre à venir s'indique à {NEXT} ; celle qui a eu "
    "lieu est au plus tard du 16 novembre 2026."
)
TO_COME_EN = (
    f"{ON_EN}: 17 November 2026 is still to come. A meeting to come goes under {NEXT_EN}; one that took place was on "
    "16 November 2026 at the latest."
)
NOT_HELD = (
    f"{ON} : vous donnez une date, le 1er novembre 2026, et dites que la rencontre n'a pas encore eu lieu. Si elle est "
    f"à venir, indiquez sa date à {NEXT} ; si elle a eu lieu, changez votre réponse à « Votre rencontre a-t-elle eu "
    "lieu ? », par exemple en « Oui, elle a eu lieu »."
)
NOT_HELD_EN = (
    f"{ON_EN}: you give a date, 1 November 2026, and say that the meeting has not taken place yet. If it is to come, "
    f'give its date under {NEXT_EN}; if it took place, change your answer to "Did your meeting take place?", for '
    'instance to "Yes, it took place".'
)
PAST = f"{NEXT} : le 15 novembre 2026 est déjà passé. Indiquez une date à venir, par exemple le 16 décembre 2026."
PAST_EN = f"{NEXT_EN}: 15 November 2026 is already past. Give a date to come, for instance 16 December 2026."
FAR = (
    f"{NEXT} : le 10 décembre 2062 est trop loin pour être juste. Vérifiez l'année ; par exemple le "
    "16 décembre 2026."
)
FAR_EN = f"{NEXT_EN}: 10 December 2062 is too far ahead to be right. Check the year; for instance 16 December 2026."
CALLED_FAR = FAR.replace(NEXT, ON).replace("le 16 décembre", "le 16 novembre")
CALLED_FAR_EN = FAR_EN.replace(NEXT_EN, ON_EN).replace("16 December", "16 November")
HOUR = (
    "« Heure de la prochaine rencontre » : nous n'avons pas su lire cette heure. Indiquez les heures et les minutes, "
    "par exemple 18:30."
)
HOUR_EN = (
    '"Time of the next meeting": we could not read this time. Give hours and minutes, for instance 18:30.'
)


@pytest.mark.parametrize(
    ("answers", "left", "french", "english"),
    [
        (
            {"on": "2026-11-12", "next_on": "2026-12-10", "call_me": "call"},
            None,
            f"« Votre rencontre a-t-elle eu lieu ? » : choisissez une réponse parmi {HELD}.",
            f'"Did your meeting take place?": choose one answer among {HELD_EN}.',
        ),
        (
            {"held": "held", "call_me": "call"},
            SessionReport(held=Held.HELD, call_me=True),
            f"{ON} : la date manque. {DAY}",
            f"{ON_EN}: the date is missing. {DAY_EN}",
        ),
        (
            {"held": "missed"},
            SessionReport(held=Held.MISSED),
            f"{ON} : la date manque. {DAY}",
            f"{ON_EN}: the date is missing. {DAY_EN}",
        ),
        (
            {"held": "held", "on": "un soir de novembre"},
            SessionReport(held=Held.HELD),
            f"{ON} : nous n'avons pas su lire cette date. {DAY}",
            f"{ON_EN}: we could not read this date. {DAY_EN}",
        ),
        (
            {"held": "missed", "on": "31/09/2026"},
            SessionReport(held=Held.MISSED),
            f"{ON} : cette date n'existe pas au calendrier. {DAY}",
            f"{ON_EN}: this date is not in the calendar. {DAY_EN}",
        ),
        ({"held": "held", "on": "2026-11-17"}, SessionReport(held=Held.HELD), TO_COME, TO_COME_EN),
        (
            {"held": "missed", "on": "2062-12-10"},
            SessionReport(held=Held.MISSED),
            CALLED_FAR,
            CALLED_FAR_EN,
        ),
        ({"held": "planned", "on": "2026-11-01"}, SessionReport(held=Held.PLANNED), NOT_HELD, NOT_HELD_EN),
        ({"held": "silent", "on": "2026-11-01"}, SessionReport(held=Held.SILENT), NOT_HELD, NOT_HELD_EN),
        (
            {"held": "planned", "next_on": "2026-11-15", "next_at": "18:00"},
            SessionReport(held=Held.PLANNED, next_at=time(18)),
            PAST,
            PAST_EN,
        ),
        ({"held": "planned", "next_on": "2062-12-10"}, SessionReport(held=Held.PLANNED), FAR, FAR_EN),
        (
            {"held": "planned", "next_on": "2026-12-10", "next_at": "dans la soirée"},
            SessionReport(held=Held.PLANNED, next_on=date(2026, 12, 10)),
            HOUR,
            HOUR_EN,
        ),
    ],
)
def test_a_report_that_can_not_be_right_says_what_to_correct_and_the_rest_of_it_counts(
    answers: dict[str, str], left: SessionReport | None, french: str, english: str
) -> None:
    assert problems("session", **answers) == [french]
    assert problems("session", language=ENGLISH, **answers) == [english]
    assert said("session", **answers).value == left


def test_everything_wrong_with_a_report_is_said_at_once_in_the_order_of_the_questions() -> None:
    reading = said("session", token="", held="held", on="2027-01-01", next_on="2026-01-01", next_at="?")

    assert [problem.field for problem in reading.problems] == ["on", "next_on", "next_at", "token"]


def test_the_sentence_about_a_meeting_before_the_introduction_names_the_day_of_the_introduction() -> None:
    assert problem("on", "on/before", FRENCH, introduced="02/11/2026").text == (
        "Date : la rencontre serait antérieure à votre mise en relation, le 02/11/2026. Vérifiez le jour, le mois et "
        "l'année : une rencontre de votre binôme a lieu le 02/11/2026 ou plus tard."
    )
    assert problem("on", "on/before", ENGLISH, introduced="02/11/2026").text == (
        "Date: the meeting would be earlier than your introduction, on 02/11/2026. Check the day, the month and the "
        "year: a meeting of your pairing takes place on 02/11/2026 or later."
    )


@pytest.mark.parametrize("score", ["11", "-1", "dix", "7,5"])
def test_a_score_outside_its_scale_is_a_problem(score: str) -> None:
    assert problems("review", score=score) == [
        "« Referiez-vous cette expérience ? » : indiquez un nombre entier de 0 à 10, par exemple 5."
    ]
    assert problems("review", language=ENGLISH, score=score) == [
        '"Would you do it again?": give a whole number from 0 to 10, for instance 5.'
    ]
    assert said("review", score=score, video="contact").value == ReviewAnswer(video=True)


@pytest.mark.parametrize(
    ("form", "field", "text"),
    [
        (
            "renewal",
            "answer",
            "« Souhaitez-vous continuer jusqu'à 12 mois ? » : choisissez une réponse parmi ",
        ),
        ("participation", "wish", "« Que souhaitez-vous ? » : choisissez une réponse parmi "),
        ("event", "answer", "« Viendrez-vous à cette rencontre ? » : choisissez une réponse parmi "),
    ],
)
def test_an_answer_that_says_neither_or_both_is_asked_again(form: str, field: str, text: str) -> None:
    choices = SPECS[form].question(field).choices
    listed = ", ".join(f"« {choice.wording.fr} »" for choice in choices)

    for given_ in ("", "peut-être", (choices[0].id, choices[1].id)):
        assert problems(form, **{field: given_}) == [f"{text}{listed}."]
        assert said(form, **{field: given_}).value is None


@pytest.mark.parametrize("tick", ["", "non", "x y z", "J'accepte"])
def test_nothing_is_shared_but_by_the_tick_itself(tick: str) -> None:
    review = value("review", key_points="Un secret.", testimony="Un autre.", share_texts=tick, uses=tick)
    renewal = value("renewal", answer="yes", note="Un secret.", share_note=tick)

    assert review == ReviewAnswer(key_points="Un secret.", testimony="Un autre.")
    assert renewal == RenewalAnswer(answer=Answer.YES, note="Un secret.")


def test_a_long_text_is_cut_where_other_texts_are() -> None:
    found = value("review", testimony="é" * 5000, note="x")

    assert isinstance(found, ReviewAnswer)
    assert found.testimony == "é" * 2000


YEAR, NO_TIME = timedelta(days=365), timedelta()
FIELDS = sorted({question.field for spec in SPECS.values() for question in spec.questions})
CHOICES = sorted(
    {
        text
        for spec in SPECS.values()
        for question in spec.questions
        for choice in question.choices
        for text in (choice.id, choice.wording.fr, choice.wording.en)
    }
)
TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(CHOICES),
    st.dates(min_value=date(1, 1, 1)).map(str),
    st.times().map(str),
    st.integers(-20, 120).map(str),
    st.floats().map(str),
)
ANSWERS = st.dictionaries(
    st.sampled_from(FIELDS), st.lists(TEXTS, max_size=4).map(tuple), max_size=len(FIELDS)
)


@given(
    name=st.sampled_from(sorted(KINDS)),
    answers=ANSWERS,
    language=st.sampled_from(list(Language)),
    today=st.dates(min_value=date(2020, 1, 1), max_value=date(2100, 1, 1)),
)
def test_any_answers_give_a_value_that_can_be_right_or_problems_or_both(
    name: str, answers: Answers, language: Language, today: date
) -> None:
    reading = read_said(SPECS[name], answers, language=language, today=today)

    assert reading.value is not None or reading.problems
    assert reading.value is None or type(reading.value) is KINDS[name]
    assert all(SPECS[name].asks(problem.field) for problem in reading.problems)
    if isinstance(reading.value, SessionReport):
        report = reading.value
        assert report.on is None or report.held in (Held.HELD, Held.MISSED)
        assert report.on is None or report.on <= today + (YEAR if report.held is Held.MISSED else NO_TIME)
        assert report.on or report.held in (Held.PLANNED, Held.SILENT) or reading.problems
        assert report.next_on is None or today <= report.next_on <= today + YEAR
    if isinstance(reading.value, ReviewAnswer):
        assert reading.value.score is None or 0 <= reading.value.score <= 10


SECRET = "zxqvkw"


@given(
    name=st.sampled_from(sorted(KINDS)),
    answers=st.dictionaries(
        st.sampled_from(FIELDS),
        st.tuples(
            TEXTS.flatmap(lambda text: st.sampled_from([text, f"{text} {SECRET}", f"{SECRET}, {text}"]))
        ),
    ),
    language=st.sampled_from(list(Language)),
)
def test_a_problem_repeats_nothing_that_was_typed(name: str, answers: Answers, language: Language) -> None:
    reading = read_said(SPECS[name], answers, language=language, today=TODAY)

    assert [problem.text for problem in reading.problems if SECRET in problem.text] == []


@given(
    on=st.dates(min_value=TODAY - timedelta(days=400), max_value=TODAY),
    ahead=st.integers(0, 365),
    at=st.times().map(lambda moment: moment.replace(second=0, microsecond=0)),
)
def test_a_report_says_the_same_dates_however_they_are_written(on: date, ahead: int, at: time) -> None:
    following = TODAY + timedelta(days=ahead)
    expected = SessionReport(held=Held.HELD, on=on, next_on=following, next_at=at)

    for write in (
        date.isoformat,
        lambda day: f"{day:%d/%m/%Y}",
        lambda day: shown_day(day, FRENCH),
        lambda day: shown_day(day, ENGLISH),
    ):
        report = value("session", held="held", on=write(on), next_on=write(following), next_at=f"{at:%H:%M}")
        assert report == expected


def test_what_minutes_say_is_a_number() -> None:
    question = SPECS["session"].question("minutes")

    assert question.kind is Kind.DROP_DOWN
    assert [int(choice.id) for choice in question.choices] == [30, 45, 60, 90, 120]
