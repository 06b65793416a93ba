"""The habits of people played: the same for the same seed and address, whatever happens around them."""

from __future__ import annotations

import hashlib
from enum import StrEnum


class Habit(StrEnum):
    """How someone takes part."""

    PROMPT = "prompt"
    LATE = "late"
    """Answers at the reminder, or days later."""
    SILENT = "silent"
    """Says yes to a pairing, then answers nothing more."""
    ONE_SIDED = "one-sided"
    """Answers questions, never reports a meeting."""
    STOPPING = "stopping"
    """Ends the engagement after a few meetings."""
    MOVING = "moving"
    """Changes address on the way."""
    TWICE = "answering twice"


_SHARES = (
    (Habit.PROMPT, 0.52),
    (Habit.LATE, 0.18),
    (Habit.SILENT, 0.07),
    (Habit.ONE_SIDED, 0.08),
    (Habit.STOPPING, 0.05),
    (Habit.MOVING, 0.05),
    (Habit.TWICE, 0.05),
)


def draw(*names: object) -> float:
    """A number from 0 to 1, always the same for the same names."""
    text = "/".join(str(name) for name in names)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big") / 2**48


def days(least: int, most: int, *names: object) -> int:
    """A whole number between two bounds, always the same for the same names."""
    return least + int(draw("days", *names) * (most - least + 1))


def habit_of(seed: int, address: str) -> Habit:
    """The habit of a person."""
    drawn = draw("habit", seed, address)
    for habit, share in _SHARES:
        drawn -= share
        if drawn < 0:
            return habit
    return Habit.PROMPT
