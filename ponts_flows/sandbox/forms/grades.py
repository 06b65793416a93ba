"""Grades of a quiz, given from the answer key of each question."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def grade(question: Json, values: list[str]) -> Json | None:
    """The `Grade` of an answer, or nothing when the question has no answer key.

    One value must be among the correct ones; several values (checkboxes) must be exactly the correct ones.
    """
    grading = question.get("grading", {})
    key = {answer.get("value", "") for answer in grading.get("correctAnswers", {}).get("answers", [])}
    if not key or not values:
        return None
    several = question.get("choiceQuestion", {}).get("type") == "CHECKBOX"
    correct = set(values) == key if several else values[0] in key
    found: Json = {}
    if correct:
        found = {"score": float(grading.get("pointValue", 0)), "correct": True}
        found = {name: value for name, value in found.items() if value}
    feedback = grading.get("whenRight" if correct else "whenWrong") or grading.get("generalFeedback")
    if feedback:
        found["feedback"] = feedback
    return found
