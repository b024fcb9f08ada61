"""The understander: one network reads intent, further requests, slots and negation; the rules read what is
exact.

The network is good at what a message means and where a wish stands; a price, a position in a list and an
order number are read by rules, which do not miscount. Where both see the same words `nlu/merge.py` decides.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from nlu.artifact import Artifact, ModelBroken
from nlu.cuts import warm
from nlu.decode import Calibration, Decoder, Logits, Reading
from nlu.language import language_of
from nlu.merge import merge
from nlu.normalise import normalise
from nlu.reading import MAX_CHARACTERS, Message, Reader, inputs_of
from nlu.rules import RulesUnderstander
from nlu.session import open_session
from nlu.tags import TAGS, Span
from nlu.tokens import load_tokenizer
from storage.records import DEFAULT_STAGE, Context, Intent, Language, Slot, Understanding, Vocabulary

_TOP = 3
_NO_CONTEXT = Context()


class JointUnderstander:
    """`understand(text, context)`; any text whatever gives an Understanding. Not for several threads at
    once."""

    def __init__(
        self, path: Path, artifact: Artifact, characters: str, vocabulary: Vocabulary, threads: int = 1
    ) -> None:
        """`path`: the derived ONNX file. ModelBroken where the labels are not the shop's."""
        meta = artifact.meta
        if not set(meta["labels"]) <= set(Intent) or meta["tags"] != list(TAGS):
            raise ModelBroken(f"{artifact.version} was trained on other intents or slots than the shop's; retrain it.")
        self.version = artifact.version
        self.calibration = Calibration.of(meta)
        follows = artifact.tensors["heads.follows"].astype(np.float32)
        self._decode = Decoder(tuple(meta["labels"]), self.calibration, follows)
        self._tokenizer = load_tokenizer(characters)
        self._session = open_session(path, threads)
        self.adopt(vocabulary)
        warm()

    def adopt(self, vocabulary: Vocabulary) -> None:
        """Reads with these words from now on."""
        self._vocabulary = vocabulary
        self._reader = Reader(self._tokenizer, vocabulary)
        self._rules = RulesUnderstander(vocabulary)

    def understand(self, text: str, context: Context = _NO_CONTEXT) -> Understanding:
        """What a message says. Only its first 500 characters are read."""
        language = language_of(text)
        if not any(letter.isalnum() for letter in text[:MAX_CHARACTERS]):  # the network has no word for 👍 or ?!
            return replace(self._rules.understand(text, context), model=self.version)
        message = self._reader(text, context)
        reading = self._read(message, text)
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
        return self._read(self._reader(text, context), text)

    def _read(self, message: Message, text: str) -> Reading:
        outputs = self._session.run(None, dict(inputs_of([message.encoding], [message.hints])))
        logits = Logits(*(output[0] for output in outputs))
        return self._decode(logits, message.words, text)

    def _slot(self, span: Span, text: str, language: Language) -> Slot:
        said = text[span.start : span.end]
        value = normalise(span.name, said, language, self._vocabulary)
        return Slot(span.name, said, value, span.start, span.end, span.negated)
