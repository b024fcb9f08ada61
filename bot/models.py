"""The models that a bot reads with, loaded as its settings say; what is damaged is derived anew."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from bot.settings import Settings
from bot.stand_in import StandIn
from bot.understanding.understander import Understander
from nlu.artifact import SHIPPED, ModelBroken, ModelMissing
from nlu.encoder import Encoder
from nlu.loading import is_derived, load_encoder, load_understander
from nlu.precision import DEFAULT, Precision
from nlu.promoted import promoted_folder, signature
from nlu.rules import RulesUnderstander
from nlu.session import DerivedBroken
from storage.records import Vocabulary

M = TypeVar("M")
log = logging.getLogger(__name__)


def load_text_encoder(settings: Settings) -> Encoder:
    """The encoder, without which there is no search. Raises ModelMissing or ModelBroken."""
    cache = settings.data / "models"
    return sound(cache, lambda: load_encoder(cache, threads=settings.model_threads))


def sound(cache: Path, load: Callable[[], M], understander: Path | None = None, precision: Precision = DEFAULT) -> M:
    """What `load` gives; each damaged file in the cache is derived again, once. Raises what `load` raises then."""
    mended: set[Path] = set()
    while True:
        try:
            return load()
        except DerivedBroken as error:
            if error.path in mended:
                raise
            mended.add(error.path)
            log.warning("%s is damaged and is derived again", error.path)
            error.path.unlink(missing_ok=True)
            derive_models(cache, understander, precision)


def derive_models(cache: Path, understander: Path | None = None, precision: Precision = DEFAULT) -> None:
    """Derives what the encoder and an understander (None: the one that serves) lack, in another process; where that
    fails, loading says why.
    """
    if not is_derived(cache, understander=understander, precision=precision):
        adapter = [] if understander is None else [str(understander)]
        command = [sys.executable, "-m", "nlu.derive", str(cache), *adapter, "--precision", precision]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            log.warning("The models could not be derived beside the bot: %s", done.stderr.strip()[-500:])


def load_model(settings: Settings, vocabulary: Vocabulary) -> Understander:
    """The promoted understander; where it is missing or broken the shipped one, and where that is, too, the rules, each
    with a line in the log that says so.
    """
    try:
        return load_promoted(settings, vocabulary)
    except (ModelMissing, ModelBroken) as error:
        if signature(settings.data / "models") is None:
            return _rules_instead(error, vocabulary)
        log.warning("%s The shipped understander serves in its place.", error)
    try:
        return load_from(settings, vocabulary, SHIPPED / "understander")
    except (ModelMissing, ModelBroken) as error:
        return _rules_instead(error, vocabulary)


def load_promoted(settings: Settings, vocabulary: Vocabulary) -> Understander:
    """The understander that the data folder's pointer names, the shipped one without. Raises ModelMissing or
    ModelBroken.
    """
    return load_from(settings, vocabulary, promoted_folder(settings.data / "models"))


def load_from(settings: Settings, vocabulary: Vocabulary, folder: Path) -> Understander:
    """The understander of a folder. Raises ModelMissing or ModelBroken."""
    cache, precision = settings.data / "models", settings.precision

    def load() -> Understander:
        return load_understander(
            cache,
            vocabulary,
            folder=folder,
            threads=settings.model_threads,
            precision=precision,
            device=settings.device,
        )

    return sound(cache, load, folder, precision)


def _rules_instead(error: Exception, vocabulary: Vocabulary) -> Understander:
    log.error("%s The plain rules answer until then, and their turns are marked as degraded.", error)
    return StandIn(RulesUnderstander(vocabulary))
