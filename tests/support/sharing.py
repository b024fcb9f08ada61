"""What is made once for all processes of a test run: pytest-xdist's workers share folders, not fixtures."""

import fcntl
import os
from contextlib import contextmanager
from pathlib import Path


def run_folder(tmp_path_factory) -> Path:
    """The temporary folder of this run, the same in each of its processes."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@contextmanager
def one_at_a_time(path: Path):
    """Whoever comes second waits until the first is done; the lock goes with its process."""
    with path.open("w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
