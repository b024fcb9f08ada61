"""Every test starts from a clean environment and no `.env`."""

import os

import pytest

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")  # two threads of PyTorch wait for each other more than tiny networks take
os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
os.environ.setdefault("LANGSMITH_TRACING", "false")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch):
    """No setting of the machine leaks into a test."""
    for name in list(os.environ):
        if name.startswith(("SHOPBOT_", "TELEGRAM_")):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def stocked_folder(tmp_path_factory):
    """A data folder as the first run leaves it: demo shop, vectors, index, derived models. Tests copy it."""
    import asyncio

    from bot.settings import Settings
    from bot.wiring import open_house

    folder = tmp_path_factory.mktemp("stocked")

    async def stock():
        house = await open_house(Settings(_env_file=None, data=folder), progress=False)
        await house.follow_catalogue()
        await house.search.run(lambda search: search.settle())
        await house.close()

    asyncio.run(stock())
    return folder
