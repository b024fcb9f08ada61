"""A real change of the talk raises a flag, a quiet week does not; in both languages."""

import json
import shutil
from datetime import timedelta

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.main import shopbot
from bot.drift.measures import divergence, rise, shift, stability_index
from bot.drift.watching import kept, watch
from bot.drift.words import trained_words
from storage.records import Intent
from tests.support.reviewed import START, Talking

WORDS = {"en": ["a red dress", "show me a lamp", "cheaper please"], "zh": ["红色的连衣裙", "看看台灯", "便宜点的"]}
NEW = {"en": ["do you have labubu blind boxes", "any labubu keychains"], "zh": ["有谷子吉普拉吗", "想要吉普拉徽章"]}
USUAL = ([Intent.SEARCH] * 6 + [Intent.REFINE] * 3 + [Intent.THANKS], (0.7, 0.98))


@pytest.fixture(scope="module")
def words(tmp_path_factory):
    """The words of the shipped training data, found once."""
    folder = tmp_path_factory.mktemp("words")
    assert "dress" in trained_words(folder)
    return folder / "learning"


@pytest.fixture
def talk(tmp_path, words):
    shutil.copytree(words, tmp_path / "learning")
    talking = Talking(tmp_path)
    yield talking
    talking.close()


def week(talk, number, language, texts, intents, sure, seed=0):
    """Forty shoppers with some messages each."""
    chance = np.random.default_rng([number, seed])
    with talk.shop.atomic():
        for user in range(40):
            for _ in range(6):
                at = START + timedelta(days=7 * number + chance.uniform(0, 6.9))
                text, intent = texts[chance.integers(len(texts))], intents[chance.integers(len(intents))]
                talk.says(1000 * number + user, text, intent, confidence=float(chance.uniform(*sure)), at=at)
    talk.now = START + timedelta(days=7 * number + 6.95, minutes=number)
    talk.says(1000 * number, texts[0], intents[0])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_quiet_week_raises_nothing_and_a_real_change_each_of_its_flags(talk, language):
    texts = WORDS[language]
    for number in range(4):
        week(talk, number, language, texts, *USUAL)
    week(talk, 4, language, texts, *USUAL)
    quiet = watch(talk.folder)
    assert (quiet["state"], quiet["flagged"], quiet["new_words"]) == ("quiet", [], [])
    assert quiet["recent"]["shoppers"] == 40
    week(talk, 5, language, texts + NEW[language] * 2, [*USUAL[0], *[Intent.RETURN_REFUND] * 6], (0.2, 0.9))
    changed = watch(talk.folder)
    assert changed["flagged"] == ["intents", "confidence", "vocabulary"]
    assert changed["measures"]["intents"]["moved"][0][0] == "return_refund"
    words = {each["word"] for each in changed["new_words"]}
    assert words & {"labubu", "徽章"}
    assert kept(talk.folder) == changed
    told = CliRunner().invoke(shopbot, ["models", "drift", "--check", "--data", str(talk.folder)])
    assert told.output.count("CHANGED") == 3
    assert "The talk has changed: intents, confidence, vocabulary." in str(told.exception)


def test_too_little_talk_is_no_quiet_week(talk):
    talk.says(1, "a red dress")
    report = watch(talk.folder)
    assert (report["state"], report["flagged"]) == ("too-little", [])
    result = CliRunner().invoke(shopbot, ["models", "drift", "--data", str(talk.folder)])
    assert "Too little was said to tell." in result.output


def test_nothing_said_and_no_shop_are_one_sentence(talk, tmp_path):
    assert "Nobody has said" in str(CliRunner().invoke(shopbot, ["models", "drift", "--data", str(tmp_path)]).exception)
    elsewhere = str(tmp_path / "elsewhere")
    assert "no shop database" in str(CliRunner().invoke(shopbot, ["models", "drift", "--data", elsewhere]).exception)


def test_quiet_weeks_are_rarely_flagged():
    chance = np.random.default_rng(5)
    draws = 150
    flags = 0
    for _ in range(draws):
        weeks = [chance.dirichlet([4, 2, 1, 1], 60) for _ in range(2)]  # each shopper has ways of their own
        one, other = (np.array([chance.multinomial(5, row) for row in rows], float) for rows in weeks)
        flags += shift(one, other, "abcd").chance <= 0.01
    assert flags <= 7, "one in a hundred is promised"


def test_chattering_of_one_shopper_is_no_shift():
    quiet = np.tile([5.0, 5.0], (40, 1))
    loud = quiet.copy()
    loud[0] = [2000.0, 0.0]
    found = shift(quiet, loud, "ab")
    assert found.size > 0.1
    assert not found.flagged


def test_a_share_that_falls_or_moves_little_is_not_flagged():
    low, high, more = (np.tile([100.0 - share, share], (50, 1)) for share in (2, 3, 9))
    assert not rise(low, high, "unknown").flagged
    assert rise(low, more, "unknown").flagged
    assert not rise(more, low, "unknown").flagged


@given(st.lists(st.integers(0, 50), min_size=2, max_size=6).filter(any))
def test_nothing_differs_from_itself(counts):
    row = np.array(counts, float)
    assert divergence(row, row) == pytest.approx(0, abs=1e-9)
    assert stability_index(row, row) == 0
    assert 0 <= divergence(row, row[::-1]) <= 1 + 1e-9


def test_a_report_that_cannot_be_read_is_none(tmp_path):
    assert kept(tmp_path) is None
    (tmp_path / "learning").mkdir()
    (tmp_path / "learning" / "drift.json").write_text(json.dumps([1]), encoding="utf-8")
    assert kept(tmp_path) is None
