"""Participants at their mailbox: each answers as is their habit, by reply or by the form a mail leads to."""

from __future__ import annotations

import heapq
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from ponts_flows.forms import FormIds, FormSpec, prefilled
from ponts_flows.model import Language
from ponts_flows.players.habits import Habit, days, draw, habit_of
from ponts_flows.players.lives import Reaction, reaction
from ponts_flows.players.pages import Pages


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A mail that has just reached someone: what it is, about whom, and what it says of dates."""

    template: str
    address: str
    reference: str
    about: str
    role: str
    values: Mapping[str, str]
    on: date


@dataclass(kw_only=True)
class Participants:
    """Everyone who may be asked something. `answers`: yes, no, or each as is their habit (`mixed`)."""

    pages: Pages
    answers: str
    seed: int
    forms: Mapping[str, tuple[FormSpec, FormIds]] = field(default_factory=dict)
    """The web forms, by the path of their address."""
    register_again: Callable[[str, str], None] = lambda old, new: None
    """Signs someone up again under another address."""
    _waiting: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    _order: count[int] = field(default_factory=count)
    _moved: set[str] = field(default_factory=set)

    def reached(self, asked: Asked, now: datetime) -> None:
        """Someone reads a mail, and will answer it at their own pace, or not."""
        for after, act in self._answers(asked):
            heapq.heappush(self._waiting, (now + timedelta(days=after), next(self._order), act))

    def act(self, now: datetime) -> int:
        """Do what people have decided to do by now; returns how many things."""
        done = 0
        while self._waiting and self._waiting[0][0] <= now:
            heapq.heappop(self._waiting)[2]()
            done += 1
        return done

    def _answers(self, asked: Asked) -> list[tuple[int, Callable[[], None]]]:
        habit = habit_of(self.seed, asked.address) if self.answers == "mixed" else Habit.PROMPT
        said = reaction(asked.template, self.answers, habit, asked=asked, seed=self.seed)
        if said is None:
            return []
        after = said.after
        if after is None:
            late = habit is Habit.LATE and not asked.template.endswith("reminder")
            after = days(3, 9, self.seed, asked.reference) if late else days(0, 1, self.seed, asked.reference)
        acts: list[tuple[int, Callable[[], None]]] = [(after, lambda: self._do(asked, said))]
        if habit is Habit.TWICE and said.form:
            acts.append((after + 1, lambda: self._do(asked, said)))
        if habit is Habit.MOVING and asked.template == "prepare-second-" + asked.role:
            acts.append((after, lambda: self._move(asked.address)))
        return acts

    def _do(self, asked: Asked, said: Reaction) -> None:
        if said.form:
            self._fill_in(asked, said)
        elif said.reply:
            mail = self._mail(asked)
            client = ("Gmail", "Outlook", "iPhone")[int(draw("client", asked.address) * 3)]
            path = f"/mail/{quote(asked.address)}/reply"
            self.pages.post(path, message_id=mail["id"], body=said.reply, client=client)

    def _fill_in(self, asked: Asked, said: Reaction) -> None:
        """Follow the link of a mail, fill in the form and send it."""
        for link in re.findall(r"https?://\S+/viewform\?\S+", self._mail(asked)["text"]):
            address = urlsplit(link.rstrip(").>"))
            spec, ids = self.forms[address.path]
            if spec.name == said.form:
                answers = {name: tuple(values) for name, values in said.answers.items()}
                filled = parse_qs(urlsplit(prefilled(spec, ids, answers)).query)
                entries = {**parse_qs(address.query), **filled}
                del entries["usp"]
                self.pages.post_json(address.path.replace("viewform", "formResponse"), entries)
                return

    def _mail(self, asked: Asked) -> Any:
        found = self.pages.get(
            f"/mail/{quote(asked.address)}/messages.json", q=f'in:inbox "{asked.reference}"', limit=1
        )
        return found["messages"][0]

    def _move(self, address: str) -> None:
        """Someone's address changes: they sign up again, giving the old one among their others."""
        if address not in self._moved:
            self._moved.add(address)
            local, _, domain = address.partition("@")
            self.register_again(address, f"{local}.nouvelle@{domain}")


def by_path(forms: Mapping[tuple[str, Language], FormIds], specs: Mapping[str, FormSpec]) -> Any:
    """The web forms by the path of their address, as links lead to them."""
    return {urlsplit(ids.responder_uri).path: (specs[name], ids) for (name, _), ids in forms.items()}
