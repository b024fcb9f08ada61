"""Each intent is proved by a conversation in both languages: by words, and by buttons where a button stands for it."""

from pathlib import Path

import pytest

from bot.errands.all import shop_errands
from bot.settings import Settings
from bot.understanding.synthetic import BUTTON_INTENT
from storage.records import Intent
from tests.support.proofs import PAGE, proofs, table

PROOFS = proofs()
_BY_BUTTON_ELSEWHERE = {Intent.HUMAN, Intent.HELP}
"""Their buttons are pressed in tests/bot/test_handoff.py, where a person answers."""


def buttons_of_the_shop():
    """Intents that a tap may stand for."""
    errands = shop_errands(Settings(_env_file=None, data=Path("nowhere")), None, None)
    return {*BUTTON_INTENT.values(), *errands.tapped_intents} - _BY_BUTTON_ELSEWHERE


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("intent", list(Intent))
def test_every_intent_is_proved_in_words(intent, language):
    assert PROOFS.get((intent.value, language, "say")), f"no conversation in {language} checks {intent} said in words"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("intent", sorted(buttons_of_the_shop()))
def test_every_intent_with_a_button_is_proved_by_a_tap(intent, language):
    assert PROOFS.get((intent.value, language, "tap")), f"no conversation in {language} checks {intent} tapped"


def test_the_page_in_the_documents_says_what_is_proved():
    assert PAGE.read_text(encoding="utf-8") == table(PROOFS), "run: python -m tests.support.proofs --write"
