"""The files that put a shop on a server: true to the program, hardened, and taken by the tools that read them."""

import configparser
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from bot.cli.main import shopbot
from bot.settings import Settings, SettingsError, load_settings

ROOT = Path(__file__).parent.parent.parent
DEPLOY = ROOT / "docs" / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
PROGRAM = "/opt/shopbot/.venv/bin/shopbot"
NAMES = {
    field.validation_alias.choices[0] if field.validation_alias else f"SHOPBOT_{name.upper()}"
    for name, field in Settings.model_fields.items()
}


def unit(path):
    """The last value of each key of [Service]; systemd lets keys repeat."""
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str
    parser.read(path, encoding="utf-8")
    return parser["Service"]


def settings_named(text):
    return set(re.findall(r"\b(?:SHOPBOT|TELEGRAM)_[A-Z_]+\b", text))


@pytest.mark.parametrize("path", sorted(DEPLOY.iterdir()), ids=lambda path: path.name)
def test_only_settings_that_exist_are_named_and_no_secret_is_held(path):
    text = path.read_text(encoding="utf-8")
    assert settings_named(text) <= NAMES
    assert not re.search(r"\d{6,}:[A-Za-z0-9_-]{20,}", text)


def test_the_settings_for_a_shop_are_valid(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for line in (DEPLOY / "shop.env").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            monkeypatch.setenv(*line.split("=", 1))
    assert load_settings().webhook_url == "https://bot.example.com/telegram"


# --- systemd ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_runs_a_command_that_exists_within_limits(path):
    service = unit(path)
    program, command, *_ = service["ExecStart"].split()
    assert program == PROGRAM and command in shopbot.list_commands(None)
    assert service["User"] == "shopbot" and service["UMask"] == "0077"
    assert {"MemoryMax", "CPUQuota", "TasksMax"} <= set(service)
    assert (service["NoNewPrivileges"], service["ProtectSystem"], service["CapabilityBoundingSet"]) == (
        "yes",
        "strict",
        "",
    )


def test_the_manager_waits_longer_than_the_bot():
    service, defaults = unit(DEPLOY / "shopbot.service"), Settings.model_fields
    assert service["Type"] == "notify" and service["KillMode"] == "mixed"
    assert int(service["TimeoutStopSec"].removesuffix("s")) > defaults["drain_timeout"].default + 10
    assert int(service["WatchdogSec"].removesuffix("s")) >= 60


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
def test_systemd_takes_the_units_and_finds_them_well_guarded(tmp_path):
    for path in [*UNITS, *DEPLOY.glob("*.timer")]:
        text = path.read_text(encoding="utf-8").replace(PROGRAM, "/bin/true")  # which is not installed here
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    files = [str(path) for path in tmp_path.iterdir()]
    verified = subprocess.run(["systemd-analyze", "verify", *files], capture_output=True, text=True)
    assert (verified.returncode, verified.stderr) == (0, "")
    for path in UNITS:
        asked = ["systemd-analyze", "security", "--offline=true", "--threshold=20", "--no-pager", tmp_path / path.name]
        judged = subprocess.run(asked, capture_output=True, text=True)
        assert judged.returncode == 0, judged.stdout.splitlines()[-1]


# --- containers -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def services():
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]


def test_every_container_is_bounded_and_may_do_little(services):
    for name, service in services.items():
        assert {"mem_limit", "cpus", "pids_limit"} <= set(service), name
        assert service["user"].split(":")[0] not in ("", "0", "root"), name
        assert service["read_only"] is True and service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert ":" in service["image"] and not service["image"].endswith(":latest"), name


def test_nothing_but_the_proxy_can_be_reached(services):
    assert {name: service["ports"] for name, service in services.items() if "ports" in service} == {
        "pod": ["80:80", "443:443"]
    }
    inside = [service["network_mode"] for name, service in services.items() if name != "pod"]
    assert inside == ["service:pod"] * 3, "they share its loopback, where the bot and the console listen"
    host, port = (Settings.model_fields[name].default for name in ("webhook_host", "webhook_port"))
    console = Settings.model_fields["console_port"].default
    for name in ("Caddyfile", "nginx.conf"):
        proxied = (DEPLOY / name).read_text(encoding="utf-8")
        assert f"{host}:{port}" in proxied and f"127.0.0.1:{console}" in proxied


def test_what_is_run_and_mounted_exists(services):
    document = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    for name in ("bot", "console"):
        assert services[name]["command"][0] in shopbot.list_commands(None)
    files = [file for service in services.values() for file in service.get("env_file", [])]
    mounts = [mount.split(":")[0] for service in services.values() for mount in service.get("volumes", [])]
    files += [mount for mount in mounts if mount.startswith("./")]
    assert all((DEPLOY / file).is_file() for file in files)
    assert {mount for mount in mounts if not mount.startswith("./")} == set(document["volumes"])
    assert {secret for service in services.values() for secret in service.get("secrets", [])} == set(
        document["secrets"]
    )
    grace = int(services["bot"]["stop_grace_period"].removesuffix("s"))
    assert grace > Settings.model_fields["drain_timeout"].default + 10


def test_the_image_is_built_from_what_is_there_and_runs_as_nobody():
    lines = (DEPLOY / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    steps = [line.split(None, 1) for line in lines if line and not line.startswith(("#", " "))]
    copied = {source for word, rest in steps if word == "COPY" and "--from" not in rest for source in rest.split()[:-1]}
    assert all((ROOT / source).exists() for source in copied)
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"]["find"]
    assert {name.removesuffix("*") for name in packages["include"]} <= copied, "every room of the program"
    last = dict(steps)
    assert last["USER"] == "10001:10001" and "/livez" in last["HEALTHCHECK"]
    assert last["ENTRYPOINT"] == '["shopbot"]' and last["CMD"] == '["run"]'
    assert all(re.search(r":\d+\.\d+\.\d+", rest) for word, rest in steps if word == "ARG" and rest.startswith("BASE"))


def test_the_lock_holds_nothing_for_graphics_cards():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert not re.search(r"^(nvidia|cuda|triton|pytorch-triton)", lock, re.MULTILINE | re.IGNORECASE)


def test_the_steps_name_commands_and_files_that_exist():
    runbook = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    section = runbook.split("## Put it on a server")[1].split("\n## ")[0]
    said = re.findall(r"^shop (\w+)|`shopbot (\w+)", section, re.MULTILINE)
    assert {first or second for first, second in said} <= set(shopbot.list_commands(None))
    assert settings_named(section) <= NAMES
    assert all((DEPLOY / name).is_file() for name in re.findall(r"deploy/([\w.-]+\w)", section))


# --- secrets ----------------------------------------------------------------------------------------


def test_secrets_may_lie_in_files_of_the_service_manager(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "TELEGRAM_BOT_TOKEN").write_text("123456:from-a-file\n")
    (tmp_path / "SHOPBOT_WEBHOOK_SECRET").write_text("a-secret-from-a-file")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    settings = load_settings()
    assert settings.telegram_bot_token.get_secret_value() == "123456:from-a-file"
    assert settings.webhook_secret.get_secret_value() == "a-secret-from-a-file"
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "654321:from-the-environment")
    assert load_settings().telegram_bot_token.get_secret_value() == "654321:from-the-environment"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SHOPBOT_WEBHOOK_URL", "http://bot.example.com/telegram", "must begin with https://"),
        ("SHOPBOT_WEBHOOK_URL", "bot.example.com", "must look like https://bot.example.com/telegram"),
        ("SHOPBOT_WEBHOOK_URL", "https://bot.example.com:8084/telegram", "ports 443, 80, 88, 8443 only"),
        ("SHOPBOT_WEBHOOK_URL", "https://bot.example.com/t?key=1", "must look like"),
        ("SHOPBOT_WEBHOOK_SECRET", "short", "16 to 256 letters"),
        ("SHOPBOT_WEBHOOK_SECRET", "with a space, and more", "16 to 256 letters"),
    ],
)
def test_an_address_that_cannot_work_stops_the_start_with_a_sentence(monkeypatch, tmp_path, name, value, says):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=re.escape(says)) as refused:
        load_settings()
    assert name in str(refused.value)
