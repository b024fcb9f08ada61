"""From the two databases of a data folder to a version of training data. Reads only; bot and console may run."""

from __future__ import annotations

from pathlib import Path

from bot.labels.gathering import gather
from bot.labels.splitting import HELD_OUT
from bot.labels.training_set import TrainingSet, TrainingSetError, export, forget, turns_of
from storage.console.database import FILE_NAME, ConsoleStore
from storage.said import Said


def export_settled(data: Path, share: float = HELD_OUT, days: int = 7) -> TrainingSet:
    """The settled labels as a version; earlier versions lose what was erased since. Raises TrainingSetError, OSError or
    a `storage.database.DatabaseError`.
    """
    if not (data / FILE_NAME).is_file():
        raise TrainingSetError(f"There is no console database in {data}: review messages in the console first.")
    with ConsoleStore.open(data, readonly=True) as store:
        if not store.attach(data):
            raise TrainingSetError(f"There is no shop database in {data}.")
        forget(data, Said(store.db, "shop").existing(turns_of(data)))
        return export(data, gather(store), share, days)


def sweep_sets(data: Path) -> int:
    """Removes the lines of turns that are gone from every version; how many that were."""
    if not (data / FILE_NAME).is_file():
        return 0
    with ConsoleStore.open(data, readonly=True) as store:
        return forget(data, Said(store.db, "shop").existing(turns_of(data))) if store.attach(data) else 0
