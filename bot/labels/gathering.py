"""Settled labels with the messages that they are of, and what each was said into."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.understanding.screen import context_for
from storage.console.database import ConsoleStore
from storage.console.labels import Label, Lane
from storage.records import Context, Language
from storage.said import Said, SaidTurn


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A message and what staff say that it means. `sampled`: it was drawn blindly, so it may tell how good a model is.

    `read` is the intent that was read at the time, and `context` what the model is told of the screen.
    """

    turn_id: int
    conversation_id: int
    text: str
    language: Language
    context: Context
    said_at: datetime
    read: str
    label: Label

    @property
    def sampled(self) -> bool:
        return self.label.lane is Lane.SAMPLE


def gather(store: ConsoleStore) -> list[Reviewed]:
    """Every settled label of a message that somebody wrote, in the order of the talk. `store` has the shop attached."""
    labels = {label.turn_id: label for label in store.labels.settled()}
    return [
        Reviewed(
            said.turn_id,
            said.conversation_id,
            said.text,
            said.language,
            context_of(said),
            said.said_at,
            str(said.understanding.intent) if said.understanding else "",
            labels[said.turn_id],
        )
        for said in Said(store.db, "shop").of(labels)
        if said.text.strip()
    ]


def context_of(said: SaidTurn) -> Context:
    """The context as the assistant made it."""
    return context_for(said.asked, said.shown)
