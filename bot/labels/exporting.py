"""From the two databases of a data folder to a version of training data. Reads only; bot and console may run."""

from __future__ import annotations

from pathlib import Path

from bot.labels.forgetting import sweep_sets
from bot.labels.gathering import gather
from bot.labels.splitting import HELD_OUT
from bot.labels.training_set import TrainingSet, TrainingSetError, export
from storage.console.database import FILE_NAME, ConsoleStore


def export_settled(data: Path, share: float = HELD_OUT, days: int = 7) -> TrainingSet:
    """The settled labels as a version; earlier versions lose what was erased since. Raises TrainingSetError, OSError or
    a `storage.database.DatabaseError`.
    """
    if not (data / FILE_NAME).is_file():
        raise TrainingSetError(f"There is no console database in {data}: review messages in the console first.")
    sweep_sets(data)
    with ConsoleStore.open(data, readonly=True) as store:
        if not store.attach(data):
            raise TrainingSetError(f"There is no shop database in {data}.")
        return export(data, gather(store), share, days)
