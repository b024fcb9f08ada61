"""The words: both languages say the same things, every code that is used has words, and facts follow the locale."""

import ast
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot
from bot.commanding import COMMANDS
from bot.plain import clean, one_line
from bot.reply import Action, Line
from bot.talk import WORDS
from bot.telegram.commands import LANGUAGE_CHOICES
from bot.understanding.doubt import OFFERED, OTHER, meant_label
from bot.wording import LANGUAGES, LOCALES, Wording, WordingError, language_of_code, message_ids
from recommender.clarify import ANSWERABLE, part_of
from storage.cases import Outcome, Satisfaction
from storage.records import Reason, ReasonCode, SlotName, Term, Vocabulary

WORDING = Wording(strict=True)
USD = {"currency": "USD"}
# Codes that are put together or passed on by name: lines in front, toasts, labels, the menu.
NO_LABEL = (Action.DROP, Action.SAY, Action.MEANT, Action.ANSWER, Action.RATE, Action.ERRAND)
BUILT = (
    {"stale-apology", "flood-notice", "edited-note", "caption-note", "too-long"}
    | {"like-toast", "dislike-toast", "same-toast", "replaced-toast", "stranger-card", "old-card"}
    | {f"button-{action.value.replace('_', '-')}" for action in (*Action,) if action not in NO_LABEL}
    | {meant_label(key) for key in (*OFFERED, OTHER)}
    | {f"rate-{said.value}" for said in Satisfaction}
    | {f"case-{outcome.value}" for outcome in Outcome if outcome is not Outcome.LEFT}
    | {f"ask-{part_of(slot)}" for slot in ANSWERABLE}
    | {f"command-{name}" for name in COMMANDS}
    | {f"button-language-{name}" for name in LANGUAGE_CHOICES}
)
REASON_FACTS = {
    ReasonCode.HAS_WISH: {"slot": "color", "value": "grey"},
    ReasonCode.WITHIN_BUDGET: {"price": Decimal("39.00"), "limit": Decimal(60), **USD},
    ReasonCode.WELL_RATED: {"rating": 4.7, "count": 812},
    ReasonCode.MATCHES_WORDS: {"words": "red dress"},
    ReasonCode.GOES_WITH: {"title": "Linen shirt", "count": 12},
    ReasonCode.LIKE_PRODUCT: {"title": "Linen shirt"},
    ReasonCode.LIKE_SESSION: {"title": "Linen shirt"},
    ReasonCode.LIKES_BRAND: {"value": "Nordika", "count": 2},
    ReasonCode.LIKES_CATEGORY: {"value": "shoes", "count": 2},
    ReasonCode.LIKES_COLOR: {"value": "grey", "count": 2},
    ReasonCode.LIKES_MATERIAL: {"value": "linen", "count": 2},
    ReasonCode.IN_SEASON: {"season": "summer", "occasion": "mid-autumn"},
    ReasonCode.OFF_LIMIT: {"slot": "color", "value": "burgundy", "wanted": "red"},
    ReasonCode.TRENDING: {"kind": "order", "count": 14, "days": 7},
}


def test_both_languages_define_the_same_codes():
    assert message_ids("en") == message_ids("zh")
    assert len(message_ids("en")) > 100


@pytest.mark.long
def test_every_line_that_the_bot_says_has_words():
    used = _codes_used() | set(WORDS.values()) | BUILT
    assert {"welcome", "looking-for", "apology"} <= used
    assert used - message_ids("en") == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_languages_ask_for_the_same_facts(language):
    assert _facts_of_files("en") == _facts_of_files(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_files_are_alphabetical(language):
    for path in (LOCALES / language).glob("*.ftl"):
        codes = re.findall(r"^([a-z][\w-]*) =", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert codes == sorted(codes), path.name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", ReasonCode)
def test_every_reason_is_a_sentence(code, language):
    sentence = WORDING.reason(Reason(code, REASON_FACTS.get(code, {})), language)
    assert sentence[0] == sentence[0].upper()
    assert "{" not in sentence


def test_reasons_speak_the_shoppers_language():
    reason = Reason(ReasonCode.LIKES_COLOR, {"value": "grey", "count": 2})
    assert WORDING.reason(reason, "en") == "In grey, a colour you liked"
    assert WORDING.reason(reason, "zh") == "您喜欢过的颜色：灰色"


def test_reasons_use_the_words_of_the_shop_as_they_are_now():
    words = [Vocabulary()]
    wording = Wording(lambda: words[0], strict=True)
    words[0] = Vocabulary((Term(SlotName.COLOR, "teal", "", ("teal",), ("蓝绿色",)),))
    reason = Reason(ReasonCode.HAS_WISH, {"slot": "color", "value": "teal"})
    assert wording.reason(reason, "zh") == "符合您要的“蓝绿色”"


@pytest.mark.parametrize(
    ("amount", "currency", "english", "chinese"),
    [
        ("1239.50", "USD", "$1,239.50", "US$1,239.50"),
        ("200", "CNY", "CN¥200.00", "¥200.00"),
        ("1240", "JPY", "¥1,240", "JP¥1,240"),
        ("0.1", "EUR", "€0.10", "€0.10"),
    ],
)
def test_money_follows_locale_and_currency(amount, currency, english, chinese):
    assert WORDING.money(Decimal(amount), currency, "en") == english
    assert WORDING.money(Decimal(amount), currency, "zh") == chinese


def test_limits_leave_out_a_zero_fraction():
    assert WORDING.say(Line("chip-price-max", {"amount": Decimal("60"), **USD}), "en") == "up to $60"
    assert WORDING.say(Line("chip-price-max", {"amount": Decimal("59.90"), **USD}), "en") == "up to $59.90"


def test_a_line_may_hold_lines():
    parts = (
        Line("chip-value", {"value": "dress"}),
        Line("chip-not", {"value": "polyester"}),
        Line("chip-price-range", {"low": Decimal(20), "high": Decimal(60), **USD}),
    )
    line = Line("looking-for", {"what": parts})
    assert WORDING.say(line, "en") == "Here is what I found for dress, not polyester, $20 – $60"
    assert WORDING.say(line, "zh") == "为您找到：dress、不要polyester、US$20 – US$60"


def test_each_amount_may_have_its_own_currency():
    facts = {
        "said": Decimal(200),
        "said_currency": "CNY",
        "limit": Decimal("28.13"),
        "limit_currency": "USD",
        "date": date(2026, 11, 20),
    }
    line = Line("converted", facts)
    assert WORDING.say(line, "en") == "I took CN¥200 as $28.13, at the shop's rate of Nov 20, 2026."
    assert WORDING.say(line, "zh") == "按店里 2026年11月20日 的汇率，¥200 折合 US$28.13。"


def test_plurals_and_grouping():
    assert WORDING.say(Line("rating", {"rating": 4.55, "count": 1812}), "en") == "★4.6 (1,812)"
    one = Reason(ReasonCode.WELL_RATED, {"rating": 5.0, "count": 1})
    assert WORDING.reason(one, "en") == "5.0 stars from 1 buyer"


def test_missing_words_stop_a_test_and_not_a_shopper(caplog):
    with pytest.raises(WordingError):
        WORDING.say(Line("no-such-code"), "en")
    with pytest.raises(WordingError):
        WORDING.say(Line("found-like"), "en")
    assert Wording().say(Line("no-such-code"), "en") == "no-such-code"
    assert "no words for 'no-such-code'" in caplog.text


def test_facts_cannot_smuggle_in_control_characters():
    line = Line("found-like", {"title": "shoes\u202e\u200b\x07 { $x }"})
    assert WORDING.say(line, "en") == "Similar to shoes { $x }:"


def test_a_long_fact_becomes_an_excerpt():
    said = WORDING.say(Line("quote", {"text": "word " * 1000}), "en")
    assert said.endswith("word…")
    assert len(said) <= 900


@pytest.mark.parametrize(
    ("tag", "language"), [("zh-hans", "zh"), ("ZH", "zh"), ("en-GB", "en"), ("de", "en"), (None, "en"), ("", "en")]
)
def test_nearest_language(tag, language):
    assert language_of_code(tag) == language


@given(st.text())
def test_cleaning_is_idempotent_and_leaves_nothing_hidden(text):
    once = clean(text)
    assert clean(once) == once
    assert not re.search("[\u200b-\u200f\u202a-\u202e\x00-\x08\x7f]", once)
    once.encode("utf-8")


@given(st.text(), st.integers(1, 50))
def test_one_line_is_one_line_within_its_limit(text, limit):
    line = one_line(text, limit)
    assert len(line) <= limit
    assert "\n" not in line


def _codes_used():
    """String constants in the first argument of every `Line(...)` in the bot."""
    found = set()
    for path in Path(bot.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Line" and node.args:
                found |= _constants(node.args[0])
    return found


def _constants(node):
    match node:
        case ast.Constant(value=str() as code):
            return {code}
        case ast.IfExp():
            return _constants(node.body) | _constants(node.orelse)
        case _:
            return set()


def _facts_of_files(language):
    """Facts that each code names, without what is only a locale's way with numbers."""
    found = {}
    for path in (LOCALES / language).glob("*.ftl"):
        for entry in re.split(r"^(?=[a-z])", path.read_text(encoding="utf-8"), flags=re.MULTILINE):
            code = entry.partition(" =")[0]
            found[code] = frozenset(re.findall(r"\$([a-z]\w*)", entry))
    return {code: facts for code, facts in found.items() if not code.startswith("#")}
