"""A talk with a person from both sides: a shopper in Telegram's local server, staff in the console.

case = await held(stage, ann, ana)                                  # asked for, and taken
heard = await told(ann, ana.post(f"/live/{case.id}/say", key="1", text="hi"))
"""

import asyncio
import itertools

from storage.console.staff import Role
from tests.support.staff import Member

ASK = {"en": "I want to talk to a human", "zh": "转人工"}


class Staff:
    """A member whose requests do not stop the bot, which lives in the same loop."""

    def __init__(self, member, name):
        self._member, self.name = member, name

    async def get(self, path, **headers):
        return await asyncio.to_thread(self._member.get, path, **headers)

    async def text(self, path):
        return await asyncio.to_thread(self._member.text, path)

    async def post(self, path, **form):
        return await asyncio.to_thread(lambda: self._member.post(path, **form))


_names = itertools.count()


def hiring(app):
    """Makes new members of staff who are signed in; each with pages in the language asked for."""

    async def hired(language="en", role=Role.REVIEWER):
        name = f"ana{next(_names)}"
        return Staff(await asyncio.to_thread(Member.of, app, name, role, language), name)

    return hired


def case_of(stage, shopper):
    with stage.shop() as shop:
        return next(iter(shop.cases.of(shopper.id)))


async def asked(stage, ann, words=None):
    await ann.says(words or ASK[ann.language])
    return case_of(stage, ann)


async def held(stage, ann, staff):
    case = await asked(stage, ann)
    await told(ann, staff.post(f"/live/{case.id}/take"))
    return case


async def told(ann, act, expect=1):
    """What the shopper hears of something that staff do."""
    await ann._mark()
    await act
    return await ann.hears(expect) if expect else []
