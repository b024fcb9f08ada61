"""A shopper who taps and types at random: does any reply leave nothing to do next?

    python -m tests.bench.wander --steps 5000              both languages, half of the steps each
    python -m tests.bench.wander --steps 300 --seed 7      another walk

A dead end is a reply without a button, a chip, a card or a question. What is typed stands in `wander.tsv`; what is
tapped is any button on the last reply, drawn by seed. The assistant is the shipped one, without the door.
"""

import argparse
import asyncio
import csv
import html
import itertools
import logging
import random
import re
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from aiogram.filters.callback_data import CallbackData

from bot.reply import Action, Learned, Press
from bot.settings import Settings
from bot.telegram.buttons import CardButton, CaseButton, DetailButton, ErrandButton, PageButton, SayButton
from bot.telegram.commands import LANGUAGE_CHOICES
from bot.telegram.render import Renderer
from bot.wiring import open_house
from bot.wording import Wording
from storage.records import Turn

TYPED = Path(__file__).with_suffix(".tsv")
_A_TALK = 25  # steps of one shopper
_TAPPED = 0.55  # of the steps
_COMMANDS = ("start", "help", "privacy", "language", "reset")
_RARE = 0.02
_KINDS = (CardButton, PageButton, CaseButton, ErrandButton, DetailButton, SayButton)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.wander", description=__doc__.split("\n\n")[0])
    parser.add_argument("--steps", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, help="a stocked data folder (default: a new one)")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="shopbot-wander-") as folder:
        asyncio.run(_wander(arguments.data or Path(folder), arguments.steps, arguments.seed))


async def _wander(folder: Path, steps: int, seed: int) -> None:
    house = await open_house(Settings(_env_file=None, data=folder), progress=False)
    await house.follow_together()
    with TYPED.open(encoding="utf-8", newline="") as file:
        typed = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    dead, failed, done = Counter(), Counter(), Counter()
    for language in ("en", "zh"):
        for talk in range(steps // 2 // _A_TALK):
            walk = Walk(house, language, [row[language] for row in typed], random.Random(f"{seed} {language} {talk}"))
            for _ in range(_A_TALK):
                act = await walk.step()
                done[language] += 1
                if walk.failure:
                    failed[f"{language} {act}: {walk.failure}"] += 1
                elif walk.dead_end:
                    dead[f"{language} {act} -> {walk.dead_end}"] += 1
    print(f"{sum(done.values())} steps: {sum(dead.values())} dead ends, {sum(failed.values())} failures")
    for what, count in (dead + failed).most_common():
        print(f"{count:5} {what}")
    await house.close()


class Walk:
    """One shopper."""

    numbers = itertools.count(random.SystemRandom().randrange(10**6, 10**12))

    def __init__(self, house, language, typed, chance):
        self._assistant, self._language, self._typed, self._chance = house.assistant, language, typed, chance
        self._render = Renderer(Wording(house.words), house.settings.exchange)
        self._user = next(self.numbers)
        self._buttons: list[tuple[str, str]] = []
        self.dead_end = self.failure = ""

    async def step(self) -> str:
        """Types or taps; what was done, in words."""
        self.dead_end = self.failure = ""
        if self._buttons and self._chance.random() < _TAPPED:
            label, data = self._chance.choice(self._buttons)
            act, work = f"[{label}]", self._tap(data)
        elif self._chance.random() < _RARE * 5:
            name = self._chance.choice(_COMMANDS)
            act, work = f"/{name}", self._assistant.command(self._turn(f"/{name}"), name)
        else:
            text = self._chance.choice(self._typed)
            act, work = text, self._assistant.answer(self._turn(text))
        try:
            reply = await work
        except Exception as error:
            self.failure = f"{type(error).__name__}: {error}"
            return act
        if not isinstance(reply, Learned):
            self._look(reply)
        return act

    def _look(self, reply) -> None:
        messages = self._render.messages(reply)
        shown = [b for m in messages for row in getattr(m, "keyboard", ()) for b in row]
        self._buttons = [(button.label, button.data) for button in shown if _known(button.data)]
        words = " / ".join(re.sub("<[^>]+>", "", html.unescape(getattr(m, "html", ""))) for m in messages)
        if not reply.silent and not shown and not reply.cards and not re.search(r"[?？]", words):
            self.dead_end = words[:160].replace("\n", " ")

    def _turn(self, text: str) -> Turn:
        source = "command" if text.startswith("/") else "text"
        return Turn(next(self.numbers), self._user, self._user, text, datetime.now(UTC), self._language, source)

    def _tap(self, data: str):
        button = _unpacked(data)
        match button:
            case CardButton():
                press = (button.action, button.recommendation_id, "")
            case PageButton():
                press = (button.action, button.turn_id, button.key)
            case CaseButton():
                press = (button.action, button.case_id, button.key)
            case ErrandButton():
                press = (Action.ERRAND, button.target, f"{button.errand}:{button.key}")
            case DetailButton():
                press = (Action.ERRAND, button.target, f"{button.errand}:{button.key}:{button.detail}")
            case _ if button.text.startswith("/"):
                name, _, argument = button.text[1:].partition(" ")
                return self._assistant.command(self._turn(button.text), name, LANGUAGE_CHOICES.get(argument, argument))
            case _:
                press = (Action.SAY, button.turn_id, button.text)
        return self._assistant.press(
            Press(next(self.numbers), self._user, self._user, *press, telegram_language=self._language)
        )


def _known(data: str) -> bool:
    """Whether the assistant serves it; the door's own buttons (language, erasing) need the door."""
    return any(data.startswith(kind.__prefix__ + kind.__separator__) for kind in _KINDS)


def _unpacked(data: str) -> CallbackData:
    for kind in _KINDS:
        if data.startswith(kind.__prefix__ + kind.__separator__):
            return kind.unpack(data)
    raise ValueError(f"a button of no known kind: {data}")


if __name__ == "__main__":
    main()
