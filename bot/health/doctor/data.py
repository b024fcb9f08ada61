"""The doctor on the data folder: room, permissions, databases, catalogue, feeds, backups. Reads, and writes nothing."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bot.health.doctor.verdict import Verdict, fail, ok, warn
from bot.health.looks import BACKUP_LATE, HOUR, stale_feeds
from bot.health.machine import free_bytes
from bot.settings import Settings
from bot.upkeep.backups import backup_age
from storage.console.database import FILE_NAME as CONSOLE_FILE
from storage.console.database import ConsoleStore
from storage.console.staff import Role
from storage.database import DatabaseError, DatabaseOlder
from storage.demo_shop import PREFIX
from storage.shop import FILE_NAME, Shop

_MEGABYTE = 1024 * 1024
_WHOLE_CHECK = 2 * 1024 * _MEGABYTE
_LONG_WAL = 512 * _MEGABYTE
_NO_SHOP = "There is none yet: the first start makes it, with the demo shop."


def folder(settings: Settings) -> Iterator[Verdict]:
    """Is it there, or can it be made; who can look into it."""
    data = settings.data
    if not data.exists():
        above = next(each for each in data.absolute().parents if each.exists())
        if os.access(above, os.W_OK):
            yield ok("folder", f"{data} is not there yet: the first start makes it.")
        else:
            yield fail("folder", f"{data} cannot be made: {above} is not writable.", "Name another folder in --data.")
    elif not (data.is_dir() and os.access(data, os.R_OK | os.W_OK | os.X_OK)):
        yield fail("folder", f"{data} cannot be written by this user.", f"chown it to whoever runs the bot: {data}")
    elif data.stat().st_mode & 0o007:
        yield warn("folder", f"Everybody on this machine can look into {data}.", f"chmod o-rwx {data}")
    else:
        yield ok("folder", f"{data} ({_size(data) / _MEGABYTE:.0f} MB) is writable, and others cannot look into it.")


def disk(settings: Settings) -> Iterator[Verdict]:
    """Is there room."""
    free = free_bytes(settings.data.absolute()) // _MEGABYTE
    if free < settings.disk_free_megabytes:
        todo = f"Make room: there should be {settings.disk_free_megabytes} MB (SHOPBOT_DISK_FREE_MEGABYTES)."
        yield fail("disk", f"Only {free} MB are free.", todo)
    else:
        yield ok("disk", f"{free:,} MB are free.")


def database(settings: Settings) -> Iterator[Verdict]:
    """Is it sound, and of this version."""
    path = settings.data / FILE_NAME
    if not path.exists():
        yield ok("database", _NO_SHOP)
        return
    try:
        Shop.open(settings.data, readonly=True).close()
    except DatabaseOlder:
        yield warn("database", "It is of an older version.", "Start the bot once: it is brought up to date.")
    except DatabaseError as error:
        yield fail("database", str(error), "shopbot restore --help says how a backup is put in its place.")
        return
    yield _integrity("database", path)
    wal = path.with_name(f"{path.name}-wal")
    if wal.exists() and wal.stat().st_size > _LONG_WAL:
        what = f"Its log of writes has grown to {wal.stat().st_size // _MEGABYTE} MB."
        yield warn("wal", what, "See whether another program holds shop.db open; restart the bot.")


def staff(settings: Settings) -> Iterator[Verdict]:
    """Who can sign in to the console, and is its database sound."""
    path = settings.data / CONSOLE_FILE
    if not path.exists():
        todo = "shopbot staff add NAME --role admin"
        yield warn("staff", "Nobody can sign in to the console yet.", todo)
        return
    try:
        with ConsoleStore.open(settings.data, readonly=True) as store:
            people = [each for each in store.staff.all() if each.active]
    except DatabaseOlder:
        yield warn("staff", "The console's database is of an older version.", "Start the console once.")
        return
    except DatabaseError as error:
        yield fail("staff", str(error), "shopbot restore --help says how a backup is put in its place.")
        return
    yield _integrity("console", path)
    if any(each.role is Role.ADMIN for each in people):
        yield ok("staff", f"{len(people)} people can sign in to the console.")
    else:
        yield warn("staff", "There is no admin of the console.", "shopbot staff add NAME --role admin")


def catalogue(settings: Settings) -> Iterator[Verdict]:
    """What there is to sell, feeds that are late, messages that wait. Nothing where the database cannot be read."""
    try:
        with closing(Shop.open(settings.data, readonly=True)) as shop:
            ids = shop.catalogue.ids()
            waiting = shop.inbox.waiting()
            stale = stale_feeds(list(shop.feeds.all()), settings.feed_stale_hours, datetime.now(UTC))
    except DatabaseError:
        return  # said of the database
    demo = sum(id.startswith(PREFIX) for id in ids)
    if not ids:
        yield warn("catalogue", "There is no product in it.", "shopbot catalog import FILE")
    elif demo == len(ids):
        yield ok("catalogue", f"{demo} products of the demo shop (your own: shopbot catalog import FILE).")
    else:
        yield ok("catalogue", f"{len(ids):,} products.")
    for feed in stale:
        since = f"since {feed.good_at:%Y-%m-%d %H:%M} UTC" if feed.good_at else "ever"
        yield warn("feed", f"{feed.source[:80]} has not synced {since}.", "Run shopbot catalog sync for it by hand.")
    if waiting:
        yield ok("inbox", f"{waiting} updates wait to be answered.")


def backups(settings: Settings) -> Iterator[Verdict]:
    """Are there any, how old is the last, where do they lie."""
    target = settings.backups
    if target is None:
        todo = "Set SHOPBOT_BACKUPS to a folder on another disk: one is made each night, and checked."
        yield warn("backup", "None is made.", todo)
        return
    if target.exists() and not os.access(target, os.W_OK):
        yield fail("backup", f"{target} cannot be written.", "chown it to whoever runs the bot.")
        return
    age = backup_age(settings, datetime.now(UTC))
    if age is None:
        yield warn("backup", "There is none yet.", "shopbot backup makes one now.")
    elif age > BACKUP_LATE:
        yield warn("backup", f"The last one is {age / HOUR:.0f} hours old.", "shopbot backup says what is wrong.")
    else:
        yield ok("backup", f"The last one is {age / HOUR:.0f} hours old, in {target}.")
    if target.exists() and settings.data.exists() and target.stat().st_dev == settings.data.stat().st_dev:
        todo = "A disk that breaks takes both: use another one, or copy them elsewhere."
        yield warn("backup", "They lie on the same disk as the data.", todo)


def _integrity(name: str, path: Path) -> Verdict:
    size = path.stat().st_size
    if size > _WHOLE_CHECK:
        return ok(name, f"Can be read ({size // _MEGABYTE:,} MB; each backup checks the whole of it).")
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        fault = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if fault != "ok":
        return fail(name, f"{path.name} is damaged.", "shopbot restore --help says how a backup is put in its place.")
    return ok(name, f"{path.name} ({size // _MEGABYTE:,} MB) is sound and of this version.")


def _size(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir())
