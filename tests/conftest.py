"""Every test starts from a clean environment and no `.env`."""

import os

import pytest

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
os.environ.setdefault("LANGSMITH_TRACING", "false")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch):
    """No setting of the machine leaks into a test."""
    for name in list(os.environ):
        if name.startswith(("SHOPBOT_", "TELEGRAM_")):
            monkeypatch.delenv(name)
