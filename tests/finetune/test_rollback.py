"""Back to what served before, step by step, and to any version that is still there."""

import json

import pytest
from click.testing import CliRunner

from finetune import shelf
from finetune.rollback import main
from nlu.artifact import Artifact, save_artifact
from nlu.promoted import pointer_file, promoted_folder, read_pointer
from tests.support.models import SHIPPED_FOLDER, point, shipped, warmer


@pytest.fixture
def cache(tmp_path):
    folder = tmp_path / "data" / "models"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def run(cache):
    return lambda *arguments: CliRunner().invoke(main, ["--data", str(cache.parent), *arguments])


@pytest.fixture
def first_and_second(tmp_path, cache):
    """Two promotions, one after the other."""
    versions, before = [], "shipped"
    for name, by in (("first", 0.01), ("second", 0.02)):
        version = warmer(tmp_path / name, (), cache, by=by).version
        report = {"promoted_at": f"2026-11-2{len(versions)}", "previous": before, "by": "Ann"}
        shelf.place(cache, tmp_path / name, version, report)
        point(cache, version, before)
        versions.append(version)
        before = version
    return versions


def test_each_step_goes_further_back(run, cache, first_and_second):
    first, second = first_and_second
    said = json.loads(run("--json", "--by", "Bob").stdout)
    assert said == {"version": first, "was": second, "changed": True}
    assert (read_pointer(cache).by, promoted_folder(cache).name) == ("Bob", first)
    assert "shipped serves now" in run().output
    assert promoted_folder(cache) == SHIPPED_FOLDER
    result = run()
    assert result.exit_code == 1
    assert "nothing served before it" in result.stderr


def test_a_version_is_served_again_by_name(run, cache, first_and_second):
    _, second = first_and_second
    run("--to", "shipped")
    assert run("--to", second).exit_code == 0
    assert promoted_folder(cache).name == second
    assert read_pointer(cache).previous == first_and_second[0]


def test_a_dry_run_and_a_list_change_nothing(run, cache, first_and_second):
    first, second = first_and_second
    before = pointer_file(cache).read_bytes()
    assert f"{first} would serve in place of {second}" in run("--dry-run").output
    listed = run("--list").output.splitlines()
    assert listed[0].startswith(f"{second} serves since 2026-11-20T10:00:00 UTC by a test; before: {first}")
    assert [line.split()[0] for line in listed[1:]] == [second, first]
    assert pointer_file(cache).read_bytes() == before


@pytest.mark.parametrize("version", ["understander-00000000", "../../etc", ""])
def test_what_is_not_there_is_one_sentence(run, cache, first_and_second, version):
    before = pointer_file(cache).read_bytes()
    result = run("--to", version)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: There is no ")
    assert first_and_second[0] in result.stderr
    assert pointer_file(cache).read_bytes() == before


def test_a_broken_or_foreign_earlier_one_is_refused(run, cache, first_and_second):
    first, second = first_and_second
    original = shipped()
    save_artifact(cache / "understander" / first, Artifact({**original.meta, "encoder": "encoder-0"}, original.tensors))
    assert "was trained on encoder-0" in run().stderr
    (cache / "understander" / first / "adapter.safetensors").write_bytes(b"")
    assert "cannot be read" in run().stderr
    assert promoted_folder(cache).name == second


def test_a_broken_pointer_is_mended_by_name(run, cache, first_and_second):
    pointer_file(cache).write_text("{", encoding="utf-8")
    assert "is not a pointer" in run().stderr
    assert run("--to", first_and_second[0]).exit_code == 0
    assert promoted_folder(cache).name == first_and_second[0]
