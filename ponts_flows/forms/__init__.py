"""Forms and response sheets: what is asked, and how answers become values, or problems a person can mend."""

from ponts_flows.forms.headings import (
    Cell,
    HeadingMatch,
    RawResponse,
    RowProblem,
    match_headings,
    read_rows,
)
from ponts_flows.forms.invitation import PairingAnswer, read_answer
from ponts_flows.forms.links import (
    FormIds,
    answers_by_field,
    item_id,
    prefilled,
    question_id,
    strange_questions,
)
from ponts_flows.forms.reading import Answers, Reading, Respondent, read
from ponts_flows.forms.register import Register, read_register
from ponts_flows.forms.said import SaidReading, read_said
from ponts_flows.forms.spec import FORMS, Choice, FormSpec, Kind, Question, Scale, Section, Wording
from ponts_flows.forms.spec_file import load
from ponts_flows.forms.succession import Received, Succession, latest

__all__ = [
    "FORMS",
    "Answers",
    "Cell",
    "Choice",
    "FormIds",
    "FormSpec",
    "HeadingMatch",
    "Kind",
    "PairingAnswer",
    "Question",
    "RawResponse",
    "Reading",
    "Received",
    "Register",
    "Respondent",
    "RowProblem",
    "SaidReading",
    "Scale",
    "Section",
    "Succession",
    "Wording",
    "answers_by_field",
    "item_id",
    "latest",
    "load",
    "match_headings",
    "prefilled",
    "question_id",
    "read",
    "read_answer",
    "read_register",
    "read_rows",
    "read_said",
    "strange_questions",
]
