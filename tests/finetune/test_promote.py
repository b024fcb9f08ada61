"""Promotion of the shipped understander under other versions: what may serve, and what a refusal or a fault leaves."""

import json
import resource
import signal
import subprocess
import sys

import numpy as np
import pytest
from click.testing import CliRunner

from finetune import shelf
from finetune.gate import Verdict
from finetune.promote import Frozen, Terms, derived_for, main, open_candidate, promote
from nlu.artifact import Artifact, ModelBroken, load_artifact, save_artifact
from nlu.promoted import pointer_file, promoted_folder, read_pointer
from tests.support.models import SHIPPED_FOLDER, confused, derived_cache, point, put_on_shelf, shipped, warmer

COLOURS = ("red", "blue", "green", "black", "white")
THINGS = (("dress", "裙子"), ("jacket", "外套"), ("backpack", "背包"), ("lamp", "台灯"))


def _rows():
    for colour in COLOURS:
        for english, chinese in THINGS:
            yield {"text": f"show me a {colour} {english}", "intent": "search", "lang": "en"}
            yield {"text": f"我想买{chinese}", "intent": "search", "lang": "zh"}


@pytest.fixture
def frozen(tmp_path):
    folder = tmp_path / "frozen"
    folder.mkdir()
    rows = [{"text": "thank you so much", "intent": "thanks", "lang": "en"}, *_rows()]
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (folder / "test.jsonl").write_text(text, encoding="utf-8")
    (folder / "challenge.jsonl").write_text(json.dumps(rows[0]), encoding="utf-8")
    return folder


@pytest.fixture
def cache(tmp_path, derived_models):
    return derived_cache(derived_models, tmp_path / "data" / "models")


@pytest.fixture
def run(tmp_path, cache, frozen):
    """The command on this test's folders."""

    def promote(adapter, *arguments):
        given = [str(adapter), "--data", str(cache.parent), "--frozen", str(frozen), *arguments]
        return CliRunner().invoke(main, given)

    return promote


def refused(result, *says):
    """One failure in words."""
    assert result.exit_code == 1, result.output
    assert "Traceback" not in result.output
    for part in says:
        assert part in result.stderr


def test_as_good_an_understander_is_promoted(tmp_path, run, cache, derived_models):
    new = warmer(tmp_path / "run", derived_models, cache)
    (tmp_path / "run" / "card.md").write_text("# card", encoding="utf-8")
    result = run(tmp_path / "run", "--by", "Ann", "--json")
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout)
    assert (said["promoted"], said["version"], said["current"], said["reasons"]) == (True, new.version, "shipped", [])
    assert set(said["figures"]["candidate"]) == {"en", "zh", "all"}
    assert said["challenge"]["candidate"]["all"]["messages"] == 1
    pointer = read_pointer(cache)
    assert (pointer.version, pointer.previous, pointer.by) == (new.version, "shipped", "Ann")
    assert pointer.figures["all"]["messages"] == 41
    assert promoted_folder(cache) == cache / "understander" / new.version
    assert (promoted_folder(cache) / "card.md").read_text(encoding="utf-8") == "# card"
    assert shelf.derived(cache, new.version)
    assert "serves already" in run(tmp_path / "run").output


def test_a_worse_one_is_refused_by_language_and_intent_and_leaves_nothing(tmp_path, run, cache, derived_models):
    bad = confused(tmp_path / "run", derived_models, cache)
    falls = (
        "- English: intent accuracy falls",
        "- Chinese: intent accuracy falls",
        "- Intent search: All languages 0 of 40",
    )
    refused(run(tmp_path / "run"), f"{bad.version} is refused, shipped serves on:", *falls)
    assert read_pointer(cache) is None
    assert not list((cache / "understander").glob("understander-*"))


def test_what_is_refused_may_be_forced_with_a_reason_that_is_kept(tmp_path, run, cache, derived_models):
    bad = confused(tmp_path / "run", derived_models, cache)
    result = run(tmp_path / "run", "--force-reason", "the labels were swapped on purpose")
    assert result.exit_code == 0, result.output
    assert read_pointer(cache).reason == "the labels were swapped on purpose"
    assert shelf.report_of(cache, bad.version)["against_the_gate"]


def test_a_dry_run_changes_nothing(tmp_path, run, cache, derived_models):
    warmer(tmp_path / "run", derived_models, cache)
    result = run(tmp_path / "run", "--dry-run")
    assert result.exit_code == 0, result.output
    assert "would take the place of shipped" in result.output
    assert read_pointer(cache) is None
    assert not list((cache / "understander").glob("understander-*"))


def test_files_derived_for_a_refused_one_are_removed(tmp_path, cache, derived_models):
    new = warmer(tmp_path / "run", (), cache)
    candidate = open_candidate(tmp_path / "run", cache)
    for keeps in (False, True):
        with derived_for(candidate) as keep:
            (cache / f"{new.version}.g0.onnx").write_bytes(b"")
            if keeps:
                keep()
        assert bool(shelf.derived(cache, new.version)) is keeps


# --- what does not fit ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("meta", "says"),
    [
        ({"base": {"sha256": "0" * 64}}, "was trained on base weights 00000000"),
        ({"encoder": "encoder-00000000"}, "was trained on encoder-00000000"),
        ({"labels": ["search", "sing", "dance"]}, "intents that the shop does not know (sing, dance)"),
        ({"tags": ["O", "B-flavour", "I-flavour"]}, "other slots than the shop's (B-"),
    ],
)
def test_one_that_does_not_fit_is_refused_with_the_reason(tmp_path, run, cache, meta, says):
    original = shipped()
    save_artifact(tmp_path / "run", Artifact({**original.meta, **meta}, original.tensors))
    refused(run(tmp_path / "run"), says, "shipped serves on.")
    assert read_pointer(cache) is None


def test_weights_that_are_no_numbers_are_refused(tmp_path, run):
    original = shipped()
    spoilt = {**original.tensors, "heads.intent.bias": np.full_like(original.tensors["heads.intent.bias"], np.nan)}
    save_artifact(tmp_path / "run", Artifact(original.meta, spoilt))
    refused(run(tmp_path / "run"), "weights that are no numbers (heads.intent.bias)")


def _truncate(folder):
    path = folder / "adapter.safetensors"
    path.write_bytes(path.read_bytes()[:-1000])


def _other_meta(folder):
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    (folder / "meta.json").write_text(json.dumps({**meta, "temperature": 9.0}), encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (_truncate, "cannot be read"),
        (lambda folder: (folder / "adapter.safetensors").write_bytes(b"GIF89a" * 100), "cannot be read"),
        (lambda folder: (folder / "meta.json").unlink(), "meta.json and adapter.safetensors must lie there"),
        (lambda folder: (folder / "meta.json").write_bytes(b"\xff\xfe{}"), "cannot be read"),
        (lambda folder: (folder / "meta.json").write_text("[]"), "does not describe"),
        (_other_meta, "is not the one its meta.json names"),
    ],
    ids=["truncated", "foreign", "no meta", "other encoding", "list", "other hash"],
)
def test_a_damaged_adapter_is_refused_and_the_promoted_one_serves(tmp_path, run, cache, damage, says):
    good = warmer(tmp_path / "good", (), cache)
    put_on_shelf(cache, tmp_path / "good", good.version)
    point(cache, good.version)
    warmer(tmp_path / "run", (), cache, by=0.05)
    damage(tmp_path / "run")
    refused(run(tmp_path / "run"), says, f"{good.version} serves on.")
    assert promoted_folder(cache).name == good.version


def test_one_that_has_seen_the_frozen_messages_is_refused(tmp_path, run, cache, frozen):
    from nlu.base import file_hash

    original = shipped()
    data = {"train.jsonl": file_hash(frozen / "test.jsonl")}
    save_artifact(tmp_path / "run", Artifact({**original.meta, "temperature": 1.5, "data": data}, original.tensors))
    refused(run(tmp_path / "run"), "was trained with test.jsonl, the file that is to judge it")


@pytest.mark.parametrize("text", ["", "{", '{"text": "hi"}'])
def test_frozen_messages_that_cannot_be_read_are_one_sentence(tmp_path, run, cache, frozen, text):
    warmer(tmp_path / "run", (), cache)
    (frozen / "test.jsonl").write_text(text, encoding="utf-8")
    refused(run(tmp_path / "run"), "test.jsonl")


# --- faults in the middle ---------------------------------------------------------------------------


def test_a_full_disk_leaves_the_old_one_serving(tmp_path, run, cache, derived_models):
    warmer(tmp_path / "run", derived_models, cache)
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, old[1]))
    try:
        result = run(tmp_path / "run")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
    refused(result, "File too large", "shipped serves on.")
    assert promoted_folder(cache) == SHIPPED_FOLDER
    assert [path.name for path in (cache / "understander").iterdir()] == [".lock"]


def test_a_shelf_that_cannot_be_written_is_one_sentence(tmp_path, run, cache, derived_models):
    warmer(tmp_path / "run", derived_models, cache)
    (cache / "understander").write_text("a file in the way", encoding="utf-8")
    refused(run(tmp_path / "run"), "cannot be used", "shipped serves on.")


def test_what_was_measured_against_another_than_now_serves_is_refused(tmp_path, cache):
    good = warmer(tmp_path / "good", (), cache)
    warmer(tmp_path / "run", (), cache, by=0.05)
    candidate = open_candidate(tmp_path / "run", cache)
    put_on_shelf(cache, tmp_path / "good", good.version)
    point(cache, good.version)
    with pytest.raises(ModelBroken, match=f"but now {good.version} serves"):
        promote(candidate, Verdict((), {"candidate": {}, "current": {}}), {}, Frozen((), (), ()), Terms("Ann"))
    assert promoted_folder(cache).name == good.version


KILLED_BEFORE_THE_SWITCH = """
import os, signal, sys
from pathlib import Path
from finetune import shelf

cache, folder, version = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
with shelf.held(cache):
    (cache / "understander" / ".understander-00000000.1.part").mkdir()
    shelf.place(cache, folder, version, {})
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_kill_between_copy_and_switch_leaves_the_old_one_and_the_next_promotion_works(
    tmp_path, run, cache, derived_models
):
    new = warmer(tmp_path / "run", derived_models, cache)
    command = [sys.executable, "-c", KILLED_BEFORE_THE_SWITCH, str(cache), str(tmp_path / "run"), new.version]
    assert subprocess.run(command, timeout=120).returncode == -signal.SIGKILL
    assert (cache / "understander" / new.version).is_dir()
    assert promoted_folder(cache) == SHIPPED_FOLDER
    assert run(tmp_path / "run").exit_code == 0
    assert promoted_folder(cache).name == new.version
    assert sorted(path.name for path in (cache / "understander").iterdir()) == [".lock", "current.json", new.version]


def test_a_broken_copy_on_the_shelf_is_replaced(tmp_path, cache):
    new = warmer(tmp_path / "run", (), cache)
    put_on_shelf(cache, tmp_path / "run", new.version)
    _truncate(cache / "understander" / new.version)
    shelf.place(cache, tmp_path / "run", new.version, {"by": "Ann"})
    assert load_artifact(cache / "understander" / new.version, "understander").version == new.version
    assert shelf.report_of(cache, new.version) == {"by": "Ann"}


def test_five_promoted_ones_are_kept_beside_what_serves_and_what_served(tmp_path, cache):
    versions = []
    for count in range(8):
        versions.append(warmer(tmp_path / f"run{count}", (), cache, by=0.01 * (count + 1)).version)
        (cache / f"{versions[-1]}.g0.onnx").write_bytes(b"")
        shelf.place(cache, tmp_path / f"run{count}", versions[-1], {"promoted_at": f"2026-11-2{count}"})
    point(cache, versions[0], versions[7])
    assert sorted(shelf.prune(cache)) == sorted(versions[1:3])
    assert shelf.promoted(cache) == [*reversed(versions[3:]), versions[0]]
    assert not shelf.derived(cache, versions[1])
    assert shelf.derived(cache, versions[0])
    assert pointer_file(cache).is_file()
