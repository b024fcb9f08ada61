"""Words for codes: every `Line` and `Reason` as a sentence in the shopper's language.

The sentences live in Fluent files (https://projectfluent.org), `bot/locales/<language>/*.ftl`, so that a translator
never opens a program. Numbers, plurals, dates and money follow the locale (CLDR, by babel). What comes out is plain
text; whoever puts it into HTML escapes it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency, get_currency_precision
from fluent.runtime import FluentBundle, FluentResource

from bot.naming import wish_name
from bot.plain import clean
from bot.reply import Line
from storage.records import Language, Reason, ReasonCode, SlotName, Vocabulary, Wish
from storage.terms import base_vocabulary

LANGUAGES: tuple[Language, ...] = ("en", "zh")
LOCALES = Path(__file__).parent / "locales"

LOCALE = {"en": "en_US", "zh": "zh_Hans_CN"}
_SEPARATOR = {"en": ", ", "zh": "、"}
_TASTES = {
    ReasonCode.LIKES_BRAND: SlotName.BRAND,
    ReasonCode.LIKES_CATEGORY: SlotName.CATEGORY,
    ReasonCode.LIKES_COLOR: SlotName.COLOR,
    ReasonCode.LIKES_MATERIAL: SlotName.MATERIAL,
}
# Fluent refuses to place more than a thousand characters; a fact that long is an excerpt anyway.
_FACT_LIMIT = 900
_log = logging.getLogger(__name__)


class WordingError(LookupError):
    """A code has no words, or a fact that its words need is missing."""


class Wording:
    """Sentences for codes, in English and Chinese.

    Args:
        vocabulary: the shop's words, or a call that gives them as they are now; they label normal forms inside
            reasons ("grey" is 灰色 for Chinese readers).
        strict: raise `WordingError` where words or facts are missing; otherwise it is logged and the other
            language, or the bare code, stands in: a shopper gets an odd word rather than no answer.
    """

    def __init__(
        self, vocabulary: Vocabulary | Callable[[], Vocabulary] = base_vocabulary, *, strict: bool = False
    ) -> None:
        self._bundles = {language: _bundle(language) for language in LANGUAGES}
        self._vocabulary = vocabulary
        self._strict = strict

    def codes(self, language: Language) -> frozenset[str]:
        """Every message id that this language defines."""
        return message_ids(language)

    def say(self, line: Line, language: Language) -> str:
        """The line in words: plain text, facts cleaned of control characters."""
        return self._format(line.code, _words(line.facts, language, self), language)

    def reason(self, reason: Reason, language: Language) -> str:
        """A true reason as one short sentence."""
        facts = dict(reason.facts)
        slot = _TASTES.get(reason.code) or facts.get("slot")
        for name in ("value", "wanted"):
            if slot and isinstance(facts.get(name), str):
                named = wish_name(Wish(SlotName(slot), facts[name]), self._shop_words(), language)
                facts[name] = self.say(named, language)
        words = _words(facts, language, self)
        return _capital(self._format(f"reason-{reason.code.value.replace('_', '-')}", words, language))

    def money(self, amount: Decimal, currency: str, language: Language, *, short: bool = False) -> str:
        """An exact amount by locale and currency. `short` leaves a zero fraction out ("$60")."""
        digits = get_currency_precision(currency)
        if short and amount == amount.to_integral_value():
            digits = 0
        pattern = "¤#,##0" + ("." + "0" * digits if digits else "")
        return str(format_currency(amount, currency, format=pattern, locale=LOCALE[language], currency_digits=False))

    def day(self, when: date, language: Language) -> str:
        """A date as this language writes it."""
        return str(format_date(when, format="medium", locale=LOCALE[language]))

    def _shop_words(self) -> Vocabulary:
        return self._vocabulary if isinstance(self._vocabulary, Vocabulary) else self._vocabulary()

    def _format(self, code: str, facts: Mapping[str, Any], language: Language) -> str:
        bundle = self._bundles[language]
        if not bundle.has_message(code):
            return self._missing(code, f"no words for {code!r} in {language!r}")
        pattern = bundle.get_message(code).value
        assert pattern is not None, "a message without a value does not parse"
        text, errors = bundle.format_pattern(pattern, dict(facts))
        if errors:
            self._complain(f"{code!r} in {language!r}: {errors[0]}")
        return str(text).strip()

    def _missing(self, code: str, problem: str) -> str:
        self._complain(problem)
        return code

    def _complain(self, problem: str) -> None:
        if self._strict:
            raise WordingError(problem)
        _log.error("Wording: %s", problem)


@cache
def message_ids(language: Language) -> frozenset[str]:
    """The ids that the Fluent files of a language define. Raises WordingError when one is defined twice."""
    found: list[str] = []
    for path in sorted((LOCALES / language).glob("*.ftl")):
        resource = FluentResource(path.read_text(encoding="utf-8"))
        found += [entry.id.name for entry in resource.body if hasattr(entry, "id")]
    twice = {code for code in found if found.count(code) > 1}
    if twice:
        raise WordingError(f"defined twice in {language!r}: {sorted(twice)}")
    return frozenset(found)


def language_of_code(code: str | None) -> Language:
    """The nearer of the two languages to an IETF tag, such as Telegram's language_code."""
    return "zh" if (code or "").casefold().startswith("zh") else "en"


@cache
def _bundle(language: Language) -> FluentBundle:
    """A quarter of a second to parse, and the same for all."""
    # Isolation marks would end up in button labels and in what shoppers copy.
    bundle = FluentBundle([LOCALE[language]], use_isolating=False)
    for path in sorted((LOCALES / language).glob("*.ftl")):
        bundle.add_resource(FluentResource(path.read_text(encoding="utf-8")))
    return bundle


def _words(facts: Mapping[str, Any], language: Language, wording: Wording) -> dict[str, Any]:
    return {name: _word(name, fact, facts, language, wording) for name, fact in facts.items()}


def _word(name: str, fact: Any, facts: Mapping[str, Any], language: Language, wording: Wording) -> Any:
    match fact:
        case Line():
            return _excerpt(wording.say(fact, language))
        case Decimal() if currency := facts.get(f"{name}_currency") or facts.get("currency"):
            return wording.money(fact, str(currency), language, short=True)
        case date():
            return wording.day(fact, language)
        case list() | tuple():
            parts = [str(_word(name, part, facts, language, wording)) for part in fact]
            return _excerpt(_SEPARATOR[language].join(parts))
        case bool() | None:
            return str(fact).casefold()
        case int() | float() | Decimal():
            return fact
        case _:
            return _excerpt(clean(str(fact)))


def _excerpt(text: str) -> str:
    return text if len(text) <= _FACT_LIMIT else text[: _FACT_LIMIT - 1].rstrip() + "…"


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
