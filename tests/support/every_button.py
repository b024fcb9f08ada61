"""Callback data that a hand can make: every class of button the door knows, every act in it, with any number.

Derived from the code, so that a button which is added tomorrow is forged here tomorrow.
"""

from functools import cache

from bot.errands.all import shop_errands
from bot.errands.privacy import NAME as PRIVACY
from bot.errands.privacy import SURE
from bot.reply import Action
from bot.settings import Settings
from bot.telegram import buttons
from bot.telegram.buttons import CardButton, CaseButton, DetailButton, ErrandButton, PageButton, SayButton
from bot.understanding.doubt import OTHER
from storage.cases import Satisfaction

KEYS = ("", "0", "w0", "w1", "query", "price", OTHER, "search", *Satisfaction)

_WITH_KEY = (Action.DROP, Action.MEANT, Action.ANSWER, Action.RATE)


def button_classes():
    """Every class of callback data in bot/telegram/buttons.py."""
    found = [each for each in vars(buttons).values() if isinstance(each, type) and hasattr(each, "__prefix__")]
    return {each.__prefix__: each for each in found if each.__prefix__}


@cache
def errand_keys(folder):
    """(errand, key) of every button of an errand, and the one that the door itself serves."""
    errands = shop_errands(Settings(_env_file=None, data=folder), None, None)
    known = [(name, key) for name, errand in errands._by_name.items() for key in errand.keys]
    return [*known, (PRIVACY, SURE)]


def forged(folder, number):
    """Callback data of every button, each naming `number`."""
    made = {
        CardButton: [CardButton(action=action, recommendation_id=number) for action in Action],
        PageButton: [PageButton(action=action, turn_id=number, key=key) for action, key in _keyed()],
        CaseButton: [CaseButton(action=action, case_id=number, key=key) for action, key in _keyed()],
        ErrandButton: [ErrandButton(errand=name, key=key, target=number) for name, key in errand_keys(folder)],
        DetailButton: [
            DetailButton(errand=name, key=key, target=number, detail=detail)
            for name, key in errand_keys(folder)
            for detail in ("1..", "9" * 25, "²..")
        ],
        SayButton: [SayButton(turn_id=number, text=text) for text in ("/reset", "/orders", "show my cart", "yes")],
    }
    missing = set(button_classes().values()) - made.keys()
    assert not missing, f"no forged button of {missing}: add it here"
    return [button.pack() for each in made.values() for button in each]


def _keyed():
    """Every act; those that mean something by a key with every key."""
    return [(action, key) for action in Action for key in (KEYS if action in _WITH_KEY else ("",))]
