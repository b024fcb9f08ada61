"""A small template language for labelled messages, so that training data is written as text files and read aloud.

    need (a|some) [item] [price|] for [my (dad|mum)|audience]

`{pool}` draws from a pool of values, `[pool]` does so and labels the result with the pool's slot, `[words|slot]`
labels the words given, `!` after the bracket marks what the shopper does not want, `(a|b|)` chooses, `<10-99/5>`
draws a number (step 5), and a backslash takes the next character as it is. Values of pools are templates themselves.
`a` before a vowel becomes `an`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Protocol

from nlu.tags import Span
from storage.records import SlotName

_SPECIAL = "]|"
_SOUNDS_LIKE_A_CONSONANT = ("uni", "use", "us", "eu", "one", "ufo", "uk")


class GrammarError(ValueError):
    """A template or a pool that cannot be read; the message names the place."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """A message with its labelled spans in order; spans never overlap and never start or end with a blank."""

    text: str
    spans: tuple[Span, ...] = ()

    def replaced(self, start: int, end: int, new: str) -> Utterance:
        """The message with one stretch exchanged and the spans moved along.

        A stretch that crosses the border of a span, or that would empty a span, leaves the message as it was.
        """
        shift = len(new) - (end - start)
        moved = []
        for span in self.spans:
            if span.end <= start:
                moved.append(span)
            elif span.start >= end:
                moved.append(Span(span.name, span.start + shift, span.end + shift, span.negated))
            elif span.start <= start and end <= span.end and span.end + shift > span.start:
                moved.append(Span(span.name, span.start, span.end + shift, span.negated))
            else:
                return self
        return Utterance(self.text[:start] + new + self.text[end:], tuple(moved))


class Pools(Protocol):
    """Where values come from."""

    def value(self, name: str, draw: Draw) -> Node:
        """One value of the pool, in the subject of this draw. Raises GrammarError for an unknown pool."""

    def slot(self, name: str) -> SlotName:
        """The slot that values of the pool fill. Raises GrammarError where it fills none."""


@dataclass(frozen=True, slots=True)
class Draw:
    """The choices of one message: its random numbers, its pools, and the subject it talks of (wear, tech, ...)."""

    rng: Random
    pools: Pools
    subject: str = ""


@dataclass(slots=True)
class Writer:
    """A message under construction."""

    text: str = ""
    spans: list[Span] = field(default_factory=list)

    def add(self, text: str) -> None:
        if text and _needs_an(self.text, text):
            self.text = self.text.rstrip(" ") + "n "
        self.text += text

    def utterance(self) -> Utterance:
        """The message with blanks collapsed and the edges trimmed."""
        done = Utterance(self.text, tuple(self.spans))
        for old, new in (("  ", " "), (" ,", ","), (" .", "."), (" ?", "?"), (" !", "!")):
            while (at := done.text.find(old)) >= 0:
                shorter = done.replaced(at, at + len(old), new)
                if shorter is done:
                    raise GrammarError(f"a blank at the border of a slot in {done.text!r}")
                done = shorter
        head = len(done.text) - len(done.text.lstrip())
        done = done.replaced(0, head, "") if head else done
        tail = len(done.text.rstrip())
        return done.replaced(tail, len(done.text), "") if tail < len(done.text) else done


Node = Callable[[Draw, Writer], None]


def parse(template: str) -> Node:
    """The template as something that writes itself. Raises GrammarError with the position of the fault."""
    reader = _Reader(template)
    node = reader.sequence(stop="")
    if reader.at < len(template):
        raise GrammarError(f"unexpected {template[reader.at]!r} at {reader.at} in {template!r}")
    return node


def write(node: Node, draw: Draw) -> Utterance:
    """One message of the template. Raises GrammarError where the template labels nothing at all or a blank."""
    writer = Writer()
    node(draw, writer)
    return writer.utterance()


def _needs_an(before: str, after: str) -> bool:
    if not (before in ("a ", "A ") or before.endswith((" a ", " A "))):
        return False
    word = after.lower()
    if word[0] in "aeiou":
        return not word.startswith(_SOUNDS_LIKE_A_CONSONANT)
    return word.startswith(("8", "11 ", "18 "))


class _Reader:
    """A recursive-descent reader; `at` is the position of the next character."""

    def __init__(self, template: str) -> None:
        self.template = template
        self.at = 0

    def sequence(self, stop: str) -> Node:
        nodes: list[Node] = []
        literal = ""
        while self.at < len(self.template) and (here := self.template[self.at]) not in stop:
            if here in "[({<":
                if literal:
                    nodes.append(_text(literal))
                    literal = ""
                nodes.append(self._bracket(here))
                continue
            if here in _SPECIAL:
                raise GrammarError(f"unexpected {here!r} at {self.at} in {self.template!r}")
            self.at += 2 if here == "\\" else 1
            literal += self.template[self.at - 1 : self.at]
        if literal:
            nodes.append(_text(literal))
        return nodes[0] if len(nodes) == 1 else _all(tuple(nodes))

    def _bracket(self, opening: str) -> Node:
        self.at += 1
        match opening:
            case "(":
                return self._choice()
            case "{":
                return _pool(self._until("}"))
            case "<":
                return _number(self._until(">"), self.template)
            case _:
                return self._slot()

    def _choice(self) -> Node:
        options = [self.sequence(stop="|)")]
        while self._taken() == "|":
            options.append(self.sequence(stop="|)"))
        return _one_of(tuple(options))

    def _slot(self) -> Node:
        negated = self.template[self.at : self.at + 1] == "!"
        self.at += negated
        start = self.at
        body = self.sequence(stop="|]")
        pool = self.template[start : self.at]
        if self._taken() == "]":
            return _slot_of_pool(pool, negated)
        name = self._until("]")
        try:
            return _slot(body, SlotName(name), negated)
        except ValueError:
            raise GrammarError(f"no slot {name!r}, in {self.template!r}") from None

    def _taken(self) -> str:
        if self.at >= len(self.template):
            raise GrammarError(f"a bracket is not closed in {self.template!r}")
        self.at += 1
        return self.template[self.at - 1]

    def _until(self, closing: str) -> str:
        end = self.template.find(closing, self.at)
        if end < 0:
            raise GrammarError(f"no {closing!r} after {self.at} in {self.template!r}")
        found = self.template[self.at : end]
        self.at = end + 1
        return found


def _text(text: str) -> Node:
    return lambda draw, writer: writer.add(text)


def _all(nodes: tuple[Node, ...]) -> Node:
    def run(draw: Draw, writer: Writer) -> None:
        for node in nodes:
            node(draw, writer)

    return run


def _one_of(options: tuple[Node, ...]) -> Node:
    return lambda draw, writer: draw.rng.choice(options)(draw, writer)


def _pool(name: str) -> Node:
    return lambda draw, writer: draw.pools.value(name, draw)(draw, writer)


def _slot_of_pool(name: str, negated: bool) -> Node:
    body = _pool(name)
    return lambda draw, writer: _slot(body, draw.pools.slot(name), negated)(draw, writer)


def _number(spec: str, template: str) -> Node:
    bounds, _, step = spec.partition("/")
    low, _, high = bounds.partition("-")
    try:
        values = range(int(low), int(high) + 1, int(step or 1))
    except ValueError:
        raise GrammarError(f"<{spec}> is no range of numbers, in {template!r}") from None
    return lambda draw, writer: writer.add(str(draw.rng.choice(values)).zfill(len(low)))


def _slot(body: Node, name: SlotName, negated: bool) -> Node:
    def run(draw: Draw, writer: Writer) -> None:
        inner = Writer()
        body(draw, inner)
        words = inner.text.strip()
        if not words or inner.spans:
            raise GrammarError(f"a {name} slot holds {inner.text!r}, which is empty or labelled itself")
        writer.add(words)
        start = len(writer.text) - len(words)
        writer.spans.append(Span(name, start, len(writer.text), negated))

    return run
