"""What a turn does to the shopper's case, decided before the turn is recorded and done in the same commit."""

from __future__ import annotations

from enum import StrEnum


class CaseStep(StrEnum):
    """A person is asked for (in words or by a button), or is offered and taken after repeated failure; or the shopper
    goes on with the bot: while the request stays, or for good.
    """

    ASK = "ask"
    ASK_AFTER_FAILING = "ask_after_failing"
    GO_ON_WAITING = "go_on_waiting"
    LEAVE = "leave"
