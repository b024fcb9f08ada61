"""The understander: one network reads intent, further requests, slots and negation; the rules read what is
exact.

The network is good at what a message means and where a wish stands; a price, a position in a list and an
order number are read by rules, which do not miscount. Where both see the same words `nlu/merge.py` decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from nlu.artifact import Artifact, ModelBroken
from nlu.cuts import warm
from nlu.decode import Calibration, Decoder, Reading
from nlu.inference import Network
from nlu.language import language_of
from nlu.merge import merge
from nlu.normalise import normalise
from nlu.reading import MAX_CHARACTERS, Message, Reader
from nlu.rules import RulesUnderstander
from nlu.tags import TAGS, Span
from nlu.tokens import load_tokenizer
from storage.records import DEFAULT_STAGE, Context, Intent, Language, Slot, Understanding, Vocabulary

_TOP = 3
_NO_CONTEXT = Context()


class JointUnderstander:
    """`understand(text, context)` and, for messages that wait together, `understand_many`; any text whatever gives an
    Understanding. Not for several threads at once: it takes those it needs."""

    def __init__(self, network: Network, artifact: Artifact, characters: str, vocabulary: Vocabulary) -> None:
        """`network`: that of the artefact, opened. ModelBroken where the labels are not the shop's."""
        meta = artifact.meta
        if not set(meta["labels"]) <= set(Intent) or meta["tags"] != list(TAGS):
            raise ModelBroken(f"{artifact.version} was trained on other intents or slots than the shop's; retrain it.")
        self.version = artifact.version
        self.calibration = Calibration.of(meta)
        follows = artifact.tensors["heads.follows"].astype(np.float32)
        self.decode = Decoder(tuple(meta["labels"]), self.calibration, follows)
        self._tokenizer = load_tokenizer(characters)
        self.network = network
        self._pool: ThreadPoolExecutor | None = None
        self.adopt(vocabulary)
        warm()

    def adopt(self, vocabulary: Vocabulary) -> None:
        """Reads with these words from now on."""
        self._vocabulary = vocabulary
        self.reader = Reader(self._tokenizer, vocabulary)
        self._rules = RulesUnderstander(vocabulary)

    def understand(self, text: str, context: Context = _NO_CONTEXT) -> Understanding:
        """What a message says. Only its first 500 characters are read."""
        return self._understand_batch([(text, context)])[0]

    def understand_many(self, messages: Sequence[tuple[str, Context]]) -> list[Understanding]:
        """What each message says, in their order. Those of like length ride together."""
        order = sorted(range(len(messages)), key=lambda at: _breadth(messages[at][0]))
        size = self.network.together
        batches = [order[at : at + size] for at in range(0, len(order), size)]
        found: dict[int, Understanding] = {}
        for batch, read in zip(batches, self._each(messages, batches), strict=True):
            found.update(zip(batch, read, strict=True))
        return [found[at] for at in range(len(messages))]

    def close(self) -> None:
        """Ends its threads; it may still be asked."""
        if self._pool:
            self._pool.shutdown()
            self._pool = None

    def _each(
        self, messages: Sequence[tuple[str, Context]], batches: Sequence[Sequence[int]]
    ) -> Iterator[list[Understanding]]:
        def work(batch: Sequence[int]) -> list[Understanding]:
            return self._understand_batch([messages[at] for at in batch])

        if len(batches) < 2 or self.network.side_by_side < 2:
            return map(work, batches)
        self._pool = self._pool or ThreadPoolExecutor(self.network.side_by_side, thread_name_prefix="understanding")
        return self._pool.map(work, batches)

    def _understand_batch(self, batch: Sequence[tuple[str, Context]]) -> list[Understanding]:
        read = [self.reader(text, context) if _speaks(text) else None for text, context in batch]
        spoken = [message for message in read if message is not None]
        logits = iter(self.network(spoken) if spoken else ())
        return [
            self.whole(text, message, self.decode(next(logits), message.words, text))
            if message is not None
            else replace(self._rules.understand(text, context), model=self.version)
            for (text, context), message in zip(batch, read, strict=True)
        ]

    def whole(self, text: str, message: Message, reading: Reading) -> Understanding:
        """What a message says, from what the network and the rules read in it."""
        language = language_of(text)
        intent = Intent(reading.intent)
        spans = tuple(self._slot(span, text, language) for span in reading.spans)
        merged = merge(spans, message.ruled)
        return Understanding(
            text=text,
            language=language,
            intent=intent,
            confidence=reading.confidence,
            top=tuple((Intent(label), chance) for label, chance in reading.top[:_TOP]),
            stage=DEFAULT_STAGE[intent],
            also=tuple(Intent(label) for label in reading.also),
            slots=merged.slots,
            price=merged.price,
            item_refs=merged.item_refs,
            quantity=merged.quantity,
            model=self.version,
        )

    def read(self, text: str, context: Context = _NO_CONTEXT) -> Reading:
        """What the network reads, before anything is merged."""
        message = self.reader(text, context)
        return self.decode(self.network([message])[0], message.words, text)

    def _slot(self, span: Span, text: str, language: Language) -> Slot:
        said = text[span.start : span.end]
        value = normalise(span.name, said, language, self._vocabulary)
        return Slot(span.name, said, value, span.start, span.end, span.negated)


def _speaks(text: str) -> bool:
    """Whether there is a letter or digit: the network has no word for 👍 or ?!"""
    return any(letter.isalnum() for letter in text[:MAX_CHARACTERS])


def _breadth(text: str) -> float:
    """About how many tokens a text is: one a Chinese character, one for four Latin letters."""
    read = text[:MAX_CHARACTERS]
    return len(read) if not read.isascii() else len(read) / 4
