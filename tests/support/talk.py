"""A talk with the assistant without any door: updates are numbered, time passes, replays are one call away."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.assistant import Assistant
from bot.errands.errands import Errands
from bot.flow.parts import Parts
from bot.manners import Manners
from bot.reply import Press
from bot.workers import Worker
from nlu.rules import RulesUnderstander
from storage.records import Turn

WISH = {"en": "a red dress", "zh": "红色连衣裙"}
START = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
_updates = itertools.count(1_000)
_seconds = itertools.count()
_shoppers = itertools.count(1)


class Talk:
    """What one new shopper says and presses; `last` is the newest turn or press, to be sent again."""

    def __init__(self, assistant, language="en", user_id=0):
        self.assistant, self.language = assistant, language
        self.user_id = user_id or next(_shoppers)
        self.last = None

    async def says(self, text):
        self.last = Turn(next(_updates), self.user_id, self.user_id, text, self._now(), self.language)
        return await self.assistant.answer(self.last)

    async def shows(self, colors=(), looks=None, words=""):
        """A photo with these colours and look-alikes, and perhaps words under it."""
        source = "caption" if words else "photo"
        self.last = Turn(next(_updates), self.user_id, self.user_id, words, self._now(), self.language, source)
        return await self.assistant.see(self.last, colors, b"", looks)

    async def commands(self, name, argument=""):
        self.last = Turn(next(_updates), self.user_id, self.user_id, f"/{name}", self._now(), self.language, "command")
        return await self.assistant.command(self.last, name, argument)

    async def presses(self, action, target, argument=""):
        user = self.user_id
        self.last = Press(next(_updates), user, user, action, target, argument, telegram_language=self.language)
        return await self.assistant.press(self.last)

    async def again(self, **changed):
        """The newest act once more, as a replay of its update."""
        act = replace(self.last, **changed)
        return await (self.assistant.press(act) if isinstance(act, Press) else self.assistant.answer(act))

    @staticmethod
    def _now():
        return START + timedelta(seconds=next(_seconds))


class Scripted:
    """The rules, but for the texts that are in the script: those give what it says, or raise it."""

    version = "scripted"

    def __init__(self, vocabulary, script=None, calibration=None):
        self._rules, self.script = RulesUnderstander(vocabulary), script if script is not None else {}
        self.calibration = calibration

    def understand(self, text, context=None):
        act = self.script.get(text)
        if act is None:
            return self._rules.understand(text, context)
        return act(self._rules.understand(text, context))

    def understand_many(self, messages):
        return [self.understand(text, context) for text, context in messages]

    def adopt(self, vocabulary):
        self._rules.adopt(vocabulary)


class FailingSearch:
    """A recommender that does `act` first, as long as it is set."""

    def __init__(self, worker):
        self._worker, self.act = worker, None

    async def run(self, call):
        return await self._worker.run(lambda part: call(_Acting(part, self.act)))


class _Acting:
    def __init__(self, part, act):
        self._part, self._act = part, act

    def recommend(self, request):
        if self._act:
            self._act()
        return self._part.recommend(request)

    def propensities(self, request, slate):
        return self._part.propensities(request, slate)


def scripted(house, script=None, search=None, calibration=None, errands=None, **manners):
    """An assistant on the parts of a house, with a scripted understander in the model's place."""
    words = house.words
    understander = Worker("scripted", lambda: Scripted(words.current, script, calibration))
    return Assistant(
        Parts(
            database=house.database,
            understander=understander,
            rules=RulesUnderstander(words.current),
            search=search or house.search,
            vocabulary=words,
            rates=house.settings.exchange,
            manners=Manners(**manners),
            clock=lambda: datetime.now(house.settings.clock),
            errands=errands or Errands(),
        )
    )


def codes(reply):
    """What a reply says, as codes."""
    return [line.code for line in reply.lines]


def newest(reader, talk):
    """The shopper's newest turn, as a reader of the database sees it."""
    return reader.transcripts.history(talk.user_id, 1)[-1]
