"""`shopbot doctor` as a shop owner runs it: on an empty folder, on one that is set up, on one that is not well."""

import asyncio
import json
import os
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pytest
from click.testing import CliRunner

from bot.cli.main import shopbot
from bot.simulator.server import LocalBotApi
from nlu.look import look_version
from storage.console.staff import Role
from storage.demo_shop import PREFIX
from storage.records import Product
from storage.shop import Shop
from tests.support.clip import tiny_clip
from tests.support.staff import account


def doctor(folder, *arguments, **environment):
    """Exit code, and each verdict by its name."""
    run = CliRunner().invoke(shopbot, ["doctor", "--json", "--data", str(folder), *arguments], env=environment)
    assert run.exception is None or isinstance(run.exception, SystemExit), run.output
    return run.exit_code, {each["name"]: each for each in json.loads(run.output)["checks"]}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A data folder with a shop in it; the current one has no .env."""
    monkeypatch.chdir(tmp_path)
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    Shop.open(data).close()
    return data


def test_an_empty_folder_is_no_fault_and_is_left_as_it_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, said = doctor(tmp_path / "new")
    assert code == 0
    assert {each["state"] for each in said.values()} == {"ok", "warn"}
    assert "first start" in said["database"]["what"]
    assert not (tmp_path / "new").exists()
    text = CliRunner().invoke(shopbot, ["doctor", "--data", str(tmp_path / "new")]).output
    assert "→ Set SHOPBOT_OWNER_CHAT" in text
    assert text.rstrip().endswith("The rest is well.")


def test_every_warning_and_failure_says_what_to_do(folder, tmp_path):
    (tmp_path / ".env").write_text("SHOPBOT_BACKUPS=backups\nSHOPBOT_DISK_FREE_MEGABYTES=999999999\n")
    (tmp_path / ".env").chmod(0o644)
    folder.chmod(0o755)
    code, said = doctor(folder, TELEGRAM_BOT_TOKEN="not-a-token")
    assert code == 1
    states = {name: each["state"] for name, each in said.items()}
    assert (states["token"], states["disk"]) == ("fail", "fail")
    assert (states[".env"], states["folder"], states["backup"], states["owner"]) == ("warn",) * 4
    assert (states["database"], states["catalogue"]) == ("ok", "warn")
    assert all(each["todo"] for each in said.values() if each["state"] != "ok")
    assert "not-a-token" not in json.dumps(said)


def test_a_shop_that_is_set_up_is_well(folder):
    account(folder, "boss", Role.ADMIN)
    with_goods = Shop.open(folder)
    with_goods.catalogue.upsert([Product(id="1", title="Linen dress", price=Decimal(39), currency="USD")])
    with_goods.close()
    (folder / "shop.db").chmod(0o600)
    code, said = doctor(folder, SHOPBOT_OWNER_CHAT="5")
    assert code == 0
    assert {name for name, each in said.items() if each["state"] != "ok"} <= {"backup", "machine", "files", "ports"}
    assert said["catalogue"]["what"] == "1 products."
    assert PREFIX not in said["catalogue"]["what"]


def test_a_damaged_database_is_a_failure_with_a_way_out(folder):
    path = folder / "shop.db"
    content = bytearray(path.read_bytes())
    for start in range(4096, len(content) - 4096, 4096 * 2):
        content[start : start + 512] = os.urandom(512)
    path.write_bytes(bytes(content))
    code, said = doctor(folder)
    assert code == 1
    assert said["database"]["state"] == "fail"
    assert "restore" in said["database"]["todo"]


async def test_telegram_itself_is_asked_and_the_token_never_told(folder, tmp_path):
    async with LocalBotApi(tmp_path / "api") as api:
        right = {"TELEGRAM_BOT_TOKEN": api.token, "TELEGRAM_API_BASE": api.url}
        wrong = {**right, "TELEGRAM_BOT_TOKEN": "123456789:" + "B" * 35}
        code, said = await asyncio.to_thread(doctor, folder, "--online", **right)
        refused, why = await asyncio.to_thread(doctor, folder, "--online", **wrong)
    gone, silent = await asyncio.to_thread(doctor, folder, "--online", **right)
    assert code == 0
    assert said["telegram"]["what"].startswith("The token is good: it is @")
    assert {said["webhook"]["state"], said["clock skew"]["state"]} == {"ok"}
    assert (refused, why["telegram"]["state"]) == (1, "fail")
    assert (gone, silent["telegram"]["state"]) == (1, "fail")
    assert all(secret not in json.dumps([said, why, silent]) for secret in ("A" * 35, "B" * 35))


@pytest.mark.long
def test_by_what_photos_are_searched_for(folder, tmp_path):
    _, said = doctor(folder)
    assert said["look"]["state"] == "ok"
    assert "colours alone" in said["look"]["what"]
    _, said = doctor(folder, SHOPBOT_CLIP_MODEL=str(tmp_path / "nowhere"))
    assert said["look"]["state"] == "warn"
    assert "There is no folder" in said["look"]["what"]
    assert "SHOPBOT_CLIP_MODEL" in said["look"]["todo"]
    model = tiny_clip(tmp_path / "clip")
    with closing(Shop.open(folder)) as shop:
        for number in range(3):
            picture = f"https://shop.example/{number}.jpg"
            shop.catalogue.upsert([Product(f"p{number}", "Lamp", Decimal(9), "USD", image_url=picture)])
        version = look_version(model)
        seen = np.ones(4, dtype=np.float32) / 2
        shop.looks.put(version, "p0", "https://shop.example/0.jpg", seen, datetime.now(UTC))
        shop.looks.put(version, "p1", "https://shop.example/1.jpg", None, datetime.now(UTC))
    _, said = doctor(folder, SHOPBOT_CLIP_MODEL=str(model))
    assert said["look"]["state"] == "ok"
    assert f"{version}: 1 of 3 pictures are known by look. 1 could not be had" in said["look"]["what"]
