"""The written messages follow the labelling guide (docs/labelling.md), as far as words can show it."""

import re
from collections import Counter, defaultdict

import pytest

from finetune.generate import DATA, LANGUAGES
from finetune.written import written
from storage.records import Intent, SlotName

DOUBTFUL = 4
"""How often a word must be marked before its labels are compared."""
PERSONAL = {
    "telephone": r"1[3-9]\d{9}|0\d{10}|0\d{4} ?\d{3} ?\d{3}|\d{3}[- ]\d{3}[- ]\d{4}",
    "mail": r"[A-Za-z0-9_.]+@[A-Za-z0-9.]+",
}
GOODS = frozenset(SlotName) - {SlotName.ITEM_REF, SlotName.BRAND}
NEVER = {
    "en": [
        ("an article of a thing", {SlotName.CATEGORY}, r"(a|an|the) [a-z].*"),
        ("whoever likes something", {SlotName.AUDIENCE}, r".*\bwho (likes|loves|enjoys|collects)\b.*"),
        ("an article of a feature", {SlotName.FEATURE}, r"(with )?an? (light|lid|handle|hood|zip|usb port)\b.*"),
        ("two items in one", {SlotName.ITEM_REF}, r"#?\d (and|or) #?\d"),
    ],
    "zh": [
        ("的 behind it", GOODS, r".+的"),
        ("a no before a thing", {SlotName.CATEGORY}, r"(不要|别)[^针].*"),
        ("a no before a colour", {SlotName.COLOR}, r"(不|别).*"),
        ("点 behind a feature", {SlotName.FEATURE}, r".*[^波圆斑特优缺早雨景有重]一?点"),
        ("two items in one", {SlotName.ITEM_REF}, r"[一二三四五\d][和跟][一二三四五\d]"),
    ],
}
"""Names of slots and what their words never match, as whole and in this case."""


@pytest.fixture(scope="module")
def messages():
    return written(DATA / "written")


def marked(messages, language):
    """Every span with its words and its message."""
    for message in messages:
        if message.language == language:
            for span in message.utterance.spans:
                yield span, message.utterance.text[span.start : span.end], message.utterance.text


@pytest.mark.long
def test_the_shipped_lines_can_be_read_and_cover_every_intent_in_both_languages(messages):
    assert {(m.intent, m.language) for m in messages} == {(i, language) for i in Intent for language in LANGUAGES}
    assert len(messages) > 40_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_on_the_screen_does_not_give_the_intent_away(messages, language):
    shown = defaultdict(list)
    for message in messages:
        if message.language == language and message.context.asked is None:
            shown[message.intent].append(message.context.shown > 0)
    shares = {intent: sum(seen) / len(seen) for intent, seen in shown.items()}
    assert set(shares) == set(Intent)
    assert {intent: share for intent, share in shares.items() if not 0.3 <= share <= 0.7} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_of_the_bot_is_not_always_answered(messages, language):
    asked = Counter(m.intent for m in messages if m.language == language and m.context.asked == "confirm")
    others = {intent for intent in asked if intent not in (Intent.CONFIRM, Intent.DENY)}
    assert len(others) >= 15
    assert sum(asked[intent] for intent in others) >= sum(asked.values()) / 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_has_one_label_nearly_everywhere(messages, language):
    names = defaultdict(Counter)
    for span, words, _ in marked(messages, language):
        if not re.search(r"\d", words):
            names[words.casefold()][span.name] += 1
    often = {word: counts for word, counts in names.items() if sum(counts.values()) >= DOUBTFUL}
    spans = sum(sum(counts.values()) for counts in often.values())
    other = sum(sum(counts.values()) - max(counts.values()) for counts in often.values())
    assert spans > 5000
    assert other / spans < 0.05


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_numbers_of_a_person_are_no_orders(messages, language):
    told = Counter()
    for message in messages:
        if message.language != language:
            continue
        orders = [s for s in message.utterance.spans if s.name is SlotName.ORDER_ID]
        for kind, pattern in PERSONAL.items():
            for found in re.finditer(pattern, message.utterance.text):
                told[kind] += 1
                assert not [s for s in orders if s.start < found.end() and found.start() < s.end], message
    assert min(told[kind] for kind in PERSONAL) >= 8 and sum(told.values()) >= 50


@pytest.mark.parametrize("language", LANGUAGES)
def test_spans_are_cut_as_the_guide_says(messages, language):
    wrong = [
        (why, words, text)
        for span, words, text in marked(messages, language)
        for why, names, pattern in NEVER[language]
        if span.name in names and re.fullmatch(pattern, words)
    ]
    assert wrong == []


def test_a_gift_is_no_thing_and_a_greeting_no_request(messages):
    gifts = {"gift", "gifts", "present", "presents", "礼物", "小礼物"}
    for message in messages:
        assert not (message.intent is Intent.GREET and message.also), message
        for span in message.utterance.spans:
            words = message.utterance.text[span.start : span.end].casefold()
            assert span.name is not SlotName.CATEGORY or words not in gifts, message


def test_thanks_at_the_end_are_no_request(messages):
    assert [
        m for m in messages if Intent.THANKS in m.also or (m.intent, *m.also) == (Intent.THANKS, Intent.GOODBYE)
    ] == []


REFUSED = {
    "en": (r"(?i)(.*\W)?(no|without|anything but|except|rather than|instead of) $", r"(?!)"),
    "zh": (r".*(不要|别要|除了)$", r"^的?(不要|别来|算了)($|，)"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_wanted_is_marked_so(messages, language):
    before, behind = (re.compile(pattern) for pattern in REFUSED[language])
    names = {SlotName.COLOR, SlotName.MATERIAL, SlotName.BRAND, SlotName.FEATURE}
    refused = [
        (span, message.utterance.text)
        for message in messages
        if message.language == language and message.intent in (Intent.SEARCH, Intent.REFINE)
        for span in message.utterance.spans
        if span.name in names
        and (before.match(message.utterance.text[: span.start]) or behind.match(message.utterance.text[span.end :]))
    ]
    assert len(refused) > 150
    assert [found for found in refused if not found[0].negated] == []
