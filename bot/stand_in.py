"""The plain twin in the model's place: it answers, and says of every turn that it was not the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nlu.rules import RulesUnderstander
from storage.records import Context, Understanding, Vocabulary


class StandIn:
    """The rules behind the model's contract; every Understanding is marked as degraded."""

    def __init__(self, rules: RulesUnderstander) -> None:
        self._rules = rules
        self.version = rules.version

    def understand(self, text: str, context: Context = Context()) -> Understanding:
        return replace(self._rules.understand(text, context), degraded=True)

    def understand_many(self, messages: Sequence[tuple[str, Context]]) -> list[Understanding]:
        return [self.understand(text, context) for text, context in messages]

    def adopt(self, vocabulary: Vocabulary) -> None:
        self._rules.adopt(vocabulary)
