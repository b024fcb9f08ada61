"""The loop from the shell: what is refused, what is promoted, and that a run goes on where it stopped."""

import json
import shutil

import pytest
from click.testing import CliRunner

from bot.cli.main import shopbot
from bot.labels.exporting import export_settled
from bot.learn.record import Recipe, Run, folder_of, load, progress, runs, save
from bot.learn.running import is_busy
from bot.learn.running import learn as run_all
from nlu.promoted import read_pointer
from storage.records import Intent
from tests.support.adapters import ROWS, write_rows
from tests.support.models import confused, derived_cache, warmer
from tests.support.reviewed import Talking


@pytest.fixture
def folder(tmp_path):
    """A shop in which twenty messages were corrected."""
    talk = Talking(tmp_path / "data")
    for user in range(20):
        talk.label(talk.says(user, f"便宜点{chr(0x4E00 + user)}"), Intent.REFINE)
    talk.close()
    return tmp_path / "data"


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    for name in ("train", "dev", "test"):
        write_rows(folder / f"{name}.jsonl", [row for row in ROWS if name != "test" or "capital" not in row["text"]])
    return folder


def shell(folder, corpus, *arguments):
    given = ["learn", "--data", str(folder), "--corpus", str(corpus), "--by", "Ann", "--nice", "0", *arguments]
    return CliRunner().invoke(shopbot, given)


def trained(folder, corpus, make, derived, **recipe):
    """A run that was killed after its training; what it trained was made by `make`."""
    cache = derived_cache(derived, folder / "models")
    exported = export_settled(folder)
    run = Run(
        "run-20261127-101500", Recipe(corpus=str(corpus), **recipe), "Ann", "2026-11-27T10:15:00+00:00", start="shipped"
    )
    run.steps["export"] = {"state": "done", "seconds": 1.0, "said": {"set": exported.version}}
    run.steps |= {name: {"state": "done", "seconds": 1.0, "said": {}} for name in ("mix", "train")}
    save(folder, run)
    version = make(folder_of(folder, run.id) / "model", derived, cache).version
    return run.id, version


@pytest.mark.long
def test_a_killed_run_goes_on_and_what_is_as_good_goes_on_trial(folder, corpus, derived_models):
    run, version = trained(folder, corpus, warmer, derived_models, share=0.25)
    result = shell(folder, corpus, "--share", "0.25")
    assert result.exit_code == 0, result.output
    assert f"Going on with {run}." in result.stderr
    assert "3/4 train: done before" in result.stderr
    assert f"{version} is on trial; shipped serves on." in result.stdout
    pointer = read_pointer(folder / "models")
    assert (pointer.version, pointer.candidate.version, pointer.candidate.share) == ("shipped", version, 0.25)
    kept = load(folder, run)
    assert (kept.state, kept.outcome, kept.version, kept.by) == ("done", "trial", version, "Ann")
    sets = kept.said("judge")["sets"]
    assert sets["frozen"]["figures"]["candidate"]["all"]["messages"] == 7
    assert sets["held"]["intents"]["zh"]["refine"]["messages"] > 0
    assert progress(folder, kept) == pytest.approx(1.0)
    told = CliRunner().invoke(shopbot, ["models", "--data", str(folder)]).output
    assert f"On trial: {version} serves 25% of the shoppers." in told


@pytest.mark.long
def test_what_is_worse_is_refused_with_its_reasons_and_the_old_one_serves(folder, corpus, derived_models):
    run, version = trained(folder, corpus, confused, derived_models)
    result = shell(folder, corpus)
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert "- English: intent accuracy falls" in result.stderr
    assert read_pointer(folder / "models") is None
    kept = load(folder, run)
    assert (kept.state, kept.outcome, kept.version) == ("refused", "refused", version)
    assert kept.reasons


def test_another_wish_or_a_fresh_start_does_not_go_on(folder, corpus, derived_models):
    run, _ = trained(folder, corpus, warmer, derived_models)
    for name in ("train", "dev"):
        (corpus / f"{name}.jsonl").write_text("{", encoding="utf-8")
    for arguments in (["--epochs", "3"], ["--fresh"]):
        result = shell(folder, corpus, *arguments)
        assert "Going on" not in result.stderr
        assert "finetune.mix:" in str(result.exception)
        assert "not a labelled message" in str(result.exception)
    failed = runs(folder)[0]
    assert (failed.state, failed.steps["mix"]["state"]) == ("failed", "failed")
    assert "not a labelled message" in failed.error
    assert load(folder, run).state == "running"
    shutil.rmtree(folder_of(folder, failed.id))


def test_without_labels_and_beside_another_run_it_says_so(tmp_path, folder, corpus):
    assert "There is no console database" in str(shell(tmp_path / "empty", corpus).exception)
    said = []

    def inside(line):
        said.append((is_busy(folder), line))
        with pytest.raises(Exception, match="going on already"):
            run_all(folder, Recipe(corpus=str(corpus)), "Bob", say=said.append)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_all(folder, Recipe(corpus=str(corpus)), "Ann", say=inside)
    assert said == [(True, "1/4 export ...")]
    assert not is_busy(folder)
    assert runs(folder)[0].error == "It was stopped."


@pytest.mark.parametrize(
    "arguments", [["--share", "2"], ["--epochs", "0"], ["--head-rate", "0"], ["--corpus", "nowhere"]]
)
def test_wrong_use_is_told_at_once(folder, corpus, arguments):
    assert shell(folder, corpus, *arguments).exit_code == 2


def test_a_record_of_another_program_is_read_as_far_as_it_is_known(folder):
    run = Run("run-1", Recipe(), "Ann", "2026-11-27T10:15:00+00:00")
    save(folder, run)
    path = folder_of(folder, "run-1") / "run.json"
    row = json.loads(path.read_text(encoding="utf-8"))
    row["recipe"]["later"] = 1
    path.write_text(json.dumps(row), encoding="utf-8")
    assert load(folder, "run-1") == run
    path.write_text("[]", encoding="utf-8")
    assert load(folder, "run-1") is None
    assert runs(folder) == []
