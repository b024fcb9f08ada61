"""An understander on trial beside the one that serves: put there by the gate, widened, adopted, dropped, taken back."""

import json

import pytest
from click.testing import CliRunner

from finetune import shelf
from finetune.promote import main as promote
from finetune.rollback import main as rollback
from finetune.trial import main
from nlu.artifact import ModelBroken
from nlu.promoted import Candidate, pointer_file, promoted_folder, read_pointer
from tests.support.adapters import write_rows
from tests.support.models import SHIPPED_FOLDER, derived_cache, point, put_on_shelf, warmer


@pytest.fixture
def cache(tmp_path, derived_models):
    return derived_cache(derived_models, tmp_path / "data" / "models")


@pytest.fixture
def frozen(tmp_path):
    folder = tmp_path / "frozen"
    folder.mkdir()
    write_rows(folder / "test.jsonl")
    return folder


@pytest.fixture
def new(tmp_path, cache, derived_models):
    return warmer(tmp_path / "run", derived_models, cache)


@pytest.fixture
def tried(tmp_path, cache, frozen, new):
    """On trial for a tenth of the shoppers."""
    given = [str(tmp_path / "run"), "--data", str(cache.parent), "--frozen", str(frozen), "--by", "Ann"]
    result = CliRunner().invoke(promote, [*given, "--share", "0.1", "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def run(cache, *arguments):
    return CliRunner().invoke(main, [*arguments, "--data", str(cache.parent), "--by", "Bob"])


def test_a_trial_leaves_the_old_one_serving_and_says_what_was_measured(cache, new, tried):
    assert (tried["promoted"], tried["share"], tried["shadow"]) == (True, 0.1, False)
    pointer = read_pointer(cache)
    assert (pointer.version, promoted_folder(cache)) == ("shipped", SHIPPED_FOLDER)
    assert pointer.candidate.version == new.version
    assert (pointer.candidate.share, pointer.candidate.by) == (0.1, "Ann")
    report = shelf.report_of(cache, new.version)
    assert report["trial"] == {"share": 0.1, "shadow": False}
    intents = report["sets"]["frozen"]["intents"]
    assert intents["all"]["thanks"]["messages"] == intents["en"]["thanks"]["messages"] + 1
    assert report["sets"]["frozen"]["changes"]["lost"] == {"count": 0, "first": []}


def test_share_and_shadow_are_changed_in_place(cache, new, tried):
    assert run(cache, "share", "0.5").exit_code == 0
    assert run(cache, "shadow", "on").exit_code == 0
    candidate = read_pointer(cache).candidate
    assert (candidate.version, candidate.share, candidate.shadow) == (new.version, 0.5, True)
    assert "serves 50% of the shoppers, and reads along in the shadow" in run(cache, "shadow", "on").output
    assert run(cache, "share", "1.5").exit_code == 2


def test_an_adopted_one_serves_and_a_rollback_goes_to_what_served(cache, new, tried):
    assert run(cache, "adopt").exit_code == 0
    pointer = read_pointer(cache)
    assert (pointer.version, pointer.previous, pointer.by, pointer.candidate) == (new.version, "shipped", "Bob", None)
    assert pointer.figures["all"]["messages"] == 8
    assert CliRunner().invoke(rollback, ["--data", str(cache.parent)]).exit_code == 0
    assert promoted_folder(cache) == SHIPPED_FOLDER


def test_the_first_step_back_ends_the_trial(cache, new, tried):
    result = CliRunner().invoke(rollback, ["--data", str(cache.parent)])
    assert f"The trial of {new.version} has ended; shipped serves everybody." in result.output
    assert read_pointer(cache).candidate is None
    assert shelf.promoted(cache) == [new.version]


def test_a_dropped_one_stays_on_the_shelf(cache, new, tried):
    assert run(cache, "drop").exit_code == 0
    assert read_pointer(cache).candidate is None
    assert shelf.promoted(cache) == [new.version]
    result = run(cache, "share", "0.2")
    assert result.exit_code == 1
    assert "No understander is on trial" in result.stderr


def test_a_broken_one_is_not_adopted(cache, new, tried):
    (cache / "understander" / new.version / "adapter.safetensors").write_bytes(b"no")
    result = run(cache, "adopt")
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert promoted_folder(cache) == SHIPPED_FOLDER


def test_what_is_on_trial_is_not_pruned(tmp_path, cache, new, tried):
    for count in range(6):
        version = warmer(tmp_path / f"run{count}", (), cache, by=0.1 + 0.01 * count).version
        put_on_shelf(cache, tmp_path / f"run{count}", version)
    assert new.version not in shelf.prune(cache)
    assert new.version in shelf.promoted(cache)


@pytest.mark.parametrize(
    "candidate", [{"share": 0.1}, {"version": "../x", "share": 0.1}, {"version": "shipped", "share": 7}]
)
def test_a_pointer_with_a_trial_that_is_none_is_refused(cache, candidate):
    point(cache, "shipped", "")
    row = json.loads(pointer_file(cache).read_text(encoding="utf-8")) | {"candidate": candidate}
    pointer_file(cache).write_text(json.dumps(row), encoding="utf-8")
    with pytest.raises(ModelBroken):
        read_pointer(cache)


def test_reviewed_messages_judge_too(tmp_path, cache, frozen, derived_models):
    from tests.support.models import confused

    confused(tmp_path / "bad", derived_models, cache)
    rows = [{"text": f"show me a red {thing}", "intent": "search", "lang": "en"} for thing in ("dress", "lamp", "hat")]
    write_rows(tmp_path / "reviewed.jsonl", rows * 3)
    given = [str(tmp_path / "bad"), "--data", str(cache.parent), "--frozen", str(frozen)]
    result = CliRunner().invoke(promote, [*given, "--reviewed", str(tmp_path / "reviewed.jsonl")])
    assert result.exit_code == 1
    assert "English, reviewed messages: 9 intents lost and 0 won (p = 0.0039)." in result.stderr


def test_candidates_are_equal_where_their_terms_are():
    assert Candidate("shipped", 0.1) == Candidate("shipped", 0.1, shadow=False)
