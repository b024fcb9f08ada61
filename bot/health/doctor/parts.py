"""The doctor on what runs, or would: the bot itself where there is one, else its models and its index; the machine."""

from __future__ import annotations

import os
import resource
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing

from bot.desks.control import ControlClient, ControlError
from bot.health.doctor.verdict import State, Verdict, fail, ok, warn
from bot.health.health import HEALTH
from bot.health.machine import memory_limit_bytes
from bot.lock import is_owned
from bot.settings import Settings
from storage.database import DatabaseError
from storage.shop import Shop
from storage.terms import base_vocabulary

_MEGABYTE = 1024 * 1024
_LEAST_MEMORY, _LEAST_FILES = 1500, 1024
_PATIENCE_S = 10.0


def running(settings: Settings) -> Iterator[Verdict]:
    """A bot that runs is asked how it is."""
    if not is_owned(settings.data):
        yield ok("bot", "None runs on this folder.")
        return
    try:
        report = ControlClient(settings.data, timeout=_PATIENCE_S).ask(HEALTH)
    except ControlError as error:
        yield fail("bot", f"One runs and does not answer: {error}", "Look at its log; restart it, which loses nothing.")
        return
    status = str(report["status"])
    yield ok("bot", f"One runs; it says that it is {status} ({report.get('address', '')}/readyz).")
    for name, check in report["checks"].items():
        state = State.OK if check["ok"] else State.FAIL if check["required"] else State.WARN
        yield Verdict(f"bot: {name}", state, check["what"], "" if check["ok"] else check["todo"])
    for alert in report.get("alerts", ()):
        yield warn("bot: alert", f"{alert} holds.", f"docs/operations.md, section “{alert}”")


def models(settings: Settings) -> Iterator[Verdict]:
    """Loaded and asked, where no bot has done it already and their files are there."""
    from bot.models import load_model, load_text_encoder
    from bot.stand_in import StandIn
    from nlu.artifact import ModelBroken, ModelMissing
    from nlu.loading import is_derived

    if is_owned(settings.data):
        return
    cache = settings.data / "models"
    try:
        if not is_derived(cache, precision=settings.precision):
            yield ok("models", "Shipped, and not derived yet: the first start does that, in half a minute.")
            return
        load_text_encoder(settings)(["red dress"])
        model = load_model(settings, base_vocabulary())
    except (ModelMissing, ModelBroken) as error:
        yield fail("models", str(error), "Restore DATA/models from a backup, or move it away: it is derived anew.")
        return
    if isinstance(model, StandIn):
        todo = "Run shopbot run and read its first lines: they say what is wrong with the model."
        yield warn("models", "The understanding model cannot be loaded; plain rules would answer.", todo)
        return
    began = time.perf_counter()
    said = model.understand("a red dress under $60")
    took = (time.perf_counter() - began) * 1000
    yield ok("models", f"{model.version} reads a message as {said.intent.value} in {took:.0f} ms.")


def index(settings: Settings) -> Iterator[Verdict]:
    """What is in the database is what counts: the index is derived from it."""
    try:
        shop = Shop.open(settings.data, readonly=True)
    except DatabaseError:
        return
    try:
        products = len(shop.catalogue.ids())
    finally:
        shop.close()
    pointer = settings.data / "index" / "current"
    if pointer.is_file() and (settings.data / "index" / pointer.read_text(encoding="utf-8").strip()).is_dir():
        yield ok("index", f"There is one (for {products:,} products); each start checks it.")
    else:
        yield ok("index", "There is none: the next start builds it from the database, and answers meanwhile.")


def look(settings: Settings) -> Iterator[Verdict]:
    """By what photos are searched for: a CLIP model, loaded where no bot has done that, and how far it has come."""
    from nlu.artifact import ModelBroken, ModelMissing
    from nlu.look import load_look_encoder, look_version

    folder = settings.clip_model
    if folder is None:
        yield ok("look", "Photos are searched for by their colours alone (by look: SHOPBOT_CLIP_MODEL).")
        return
    try:
        version = look_version(folder) if is_owned(settings.data) else load_look_encoder(folder).version
    except (ModelMissing, ModelBroken) as error:
        todo = "Set SHOPBOT_CLIP_MODEL to a folder with a CLIP model, or empty; until then photos go by their colours."
        yield warn("look", str(error), todo)
        return
    try:
        shop = Shop.open(settings.data, readonly=True)
    except DatabaseError:
        yield ok("look", f"{version} is to be used; there is no shop to look at yet.")
        return
    with closing(shop):
        found = shop.looks.counted(version)
    failed = f" {found.failed:,} could not be had or read, and are tried again after a day." if found.failed else ""
    yield ok("look", f"{version}: {found.known:,} of {found.pictures:,} pictures are known by look.{failed}")


def machine(settings: Settings) -> Iterator[Verdict]:
    """What the bot has of it."""
    memory = memory_limit_bytes(settings.memory_megabytes) // _MEGABYTE
    cores = len(os.sched_getaffinity(0))
    python = ".".join(str(part) for part in sys.version_info[:3])
    what = f"{cores} cores, {memory:,} MB for the bot, Python {python}, SQLite {sqlite3.sqlite_version}."
    if memory < _LEAST_MEMORY:
        yield warn("machine", what, f"The models and the index want {_LEAST_MEMORY} MB: give the service more memory.")
    else:
        yield ok("machine", what)
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if files < _LEAST_FILES:
        yield warn(
            "files", f"Only {files} files may be open at once.", "Raise LimitNOFILE of the service, or ulimit -n."
        )
