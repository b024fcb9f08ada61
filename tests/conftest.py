"""Every test starts from a clean environment and no `.env`.

How a test here is cheap (seconds of a processor, measured on a busy machine; half of them on a quiet one):

- No bot at all: `shop` of tests/storage and tests/recommender opens in 0.03. `talk` (tests/bot/conftest.py) is the
  assistant on the parts of a house, without any door and with the rules in the model's place.
- `stage` and `ann` of tests/bot/conftest.py are one bot for a module, and a new shopper in each language for each test:
  0.2 a message. A `Stage` with settings of its own costs 1.2, so tests with the same settings share a file; a restart
  costs as much; a bot in a process of its own (tests/support/kills.py) imports aiogram first, for 7.
- `copy_stocked(stocked_folder, ...)` gives a shop that is open for business in 0.05; who stocks a folder pays 15.
- Pages: `app` and `Member` (tests/support/staff.py) before Chromium, and `browser` for what only a script does, one for
  a module. The languages of a test that share a folder see each other's traces: each needs a talk of its own.
- Commands run in this process (`shopbot` of tests/bot/test_catalog_commands.py); `beside` starts Python, for 1 to 2.
- What trains takes `tests/support/tiny.py`; what needs another shipped model `tests/support/models.py`.
- What takes more than two seconds of its own is `long`: `make test` leaves it out, and browsers; `make check` does
  not, and who names files gets all that is in them. The long form of a proof is `deep`, beside a short one.
- Nothing sleeps: `settled()`, `hears` and `expect` wait.
"""

import asyncio
import gc
import os
import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.sharing import one_at_a_time, run_folder

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")  # two threads of PyTorch wait for each other more than tiny networks take
os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
os.environ.setdefault("LANGSMITH_TRACING", "false")
# Without bytecode on the disk each process that a test starts compiles PyTorch and Chroma anew, for 10 to 20 s.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# Each commit of a test's database waits for the disk, which costs a suite of thousands of databases minutes: where the
# machine lends memory as a folder and it is roomy, tests live there. `--basetemp` and the variable itself go before.
MEMORY, ROOM = Path("/dev/shm"), 4 << 30
if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
# How many examples a property is tried on; `make deep` takes the second.
# A crowded machine may take its time over an example: what is slow is no fault that a property can have. A folder or an
# open shop may serve all examples of a property; what they write is the test's own to mind.
_UNTIMED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]}
settings.register_profile("quick", max_examples=40, **_UNTIMED)
settings.register_profile("deep", max_examples=400, **_UNTIMED)
settings.load_profile("quick")
gc.disable()  # what is imported while tests are collected stays; on again when they are


def pytest_configure(config):
    """Who names files means all of them, browsers and trainings, too."""
    if _names_files(config) and "(deep or long or browser)" in config.option.markexpr:
        config.option.markexpr = "not deep"


def pytest_xdist_auto_num_workers(config):
    """Three processes share two cores, file by file, for a test of a bot waits a quarter of its time; one file alone is
    not worth the start of a second.
    """
    return 0 if _names_files(config) else 3


def _names_files(config):
    return all(Path(argument.split("::")[0]).is_file() for argument in config.args)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session):
    """The garbage collector need not walk through the modules at each turn."""
    gc.freeze()
    gc.enable()


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch):
    """No setting of the machine leaks into a test."""
    for name in list(os.environ):
        if name.startswith(("SHOPBOT_", "TELEGRAM_")):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def one_thread():
    """A command that computed with two threads leaves them to whoever trains next in this process, where the tests
    that go on beside it make each of its thousands of steps wait for the second: ten times as long.
    """
    yield
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(1)


@pytest.fixture(scope="session")
def derived_models(request):
    """The shipped models' ONNX files, in pytest's own cache folder: named by version, so never stale."""
    from bot.models import derive_models
    from nlu.artifact import SHIPPED, load_artifact
    from nlu.loading import derive_encoder, derive_understander

    cache = request.config.cache.mkdir("shopbot-models")
    with one_at_a_time(cache.with_suffix(".lock")):
        derive_models(cache)
    encoder, understander = (load_artifact(SHIPPED / kind, kind) for kind in ("encoder", "understander"))
    return *derive_encoder(cache, encoder), derive_understander(cache, encoder, understander)


@pytest.fixture(scope="session")
def stocked_folder(tmp_path_factory, derived_models):
    """A data folder as the first run leaves it: demo shop, vectors, index, derived models. Tests copy it. Its networks
    stay open: a bot on a copy, whose models are links, finds them so, a second earlier.
    """
    from nlu.session import open_session

    folder = run_folder(tmp_path_factory) / "stocked"
    stocked = folder.with_suffix(".done")
    with one_at_a_time(folder.with_suffix(".lock")):
        if not stocked.exists():
            (folder / "models").mkdir(parents=True)
            for path in derived_models:
                shutil.copy(path, folder / "models")
            asyncio.run(_stock(folder))
            stocked.touch()
    held = [open_session(path, 1 if "understander" in path.name else 2) for path in (folder / "models").iterdir()]
    yield folder
    held.clear()


async def _stock(folder):
    from bot.settings import Settings
    from bot.wiring import open_house

    house = await open_house(Settings(_env_file=None, data=folder), progress=False)
    await house.follow_catalogue()
    await house.search.run(lambda search: search.settle())
    await house.close()
