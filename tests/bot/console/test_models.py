"""The page of the loop: what serves, what is on trial, runs and training sets; who may change what; both languages."""

import json
import time

import pytest

from bot.labels.exporting import export_settled
from bot.learn import jobs
from bot.learn.record import Recipe, Run, folder_of, save
from finetune import shelf
from finetune.examples import Example
from finetune.gate import compare
from finetune.measured import Measured, plain
from finetune.metrics import Judged
from nlu.promoted import Candidate, Pointer, read_pointer, write_pointer
from storage.console.database import ConsoleStore
from storage.console.labels import Lane
from storage.console.staff import Role
from storage.records import Intent
from tests.support.models import warmer
from tests.support.reviewed import Talking
from tests.support.staff import Member, read

TEXT = "<script>alert(1)</script> price match"
SAYS = {
    "en": {
        "refine": "Refine",
        "nothing": "Nothing is on trial",
        "share": "serves 25%",
        "won": "1 messages won, 0 lost",
        "done": "Done. A",
        "taken": "Payment Refine 1 0",
    },
    "zh": {
        "refine": "换条件",
        "nothing": "没有试用中的模型",
        "share": "服务 25%",
        "won": "1 条变对，0 条变错",
        "done": "已完成",
        "taken": "付款方式 换条件 1 0",
    },
}


def measured():
    """Three messages, of which the candidate reads one more."""
    examples = [Example(TEXT, "payment"), Example("thanks", "thanks"), Example("谢谢", "thanks", "zh")]
    old = [Judged("payment", "refine", 0.9), *[Judged("thanks", "thanks", 0.9)] * 2]
    new = [Judged("payment", "payment", 0.8), *[Judged("thanks", "thanks", 0.9)] * 2]
    return Measured(examples, new, old)


@pytest.fixture
def cache(folder):
    return folder / "models"


@pytest.fixture
def candidate(cache, tmp_path):
    """A version on the shelf, on trial for a quarter of the shoppers."""
    version = warmer(tmp_path / "run", (), cache).version
    found = measured()
    report = {"promoted_at": "2026-11-20T10:00:00+00:00", "previous": "shipped", "by": "Wei", "reason": "",
              "against_the_gate": [], "figures": compare(*found).figures, "sets": {"frozen": plain(found)}}  # fmt: skip
    shelf.place(cache, tmp_path / "run", version, report)
    tried = Candidate(version, 0.25, False, "2026-11-20T10:00:00+00:00", "Wei")
    write_pointer(cache, Pointer("shipped", "", "", candidate=tried))
    return version


@pytest.fixture(params=["en", "zh"])
def boss(request, app):
    """An admin, in each language."""
    member = Member.of(app, "boss", Role.ADMIN, request.param)
    member.says = SAYS[request.param]
    return member


def test_an_empty_shop_has_a_page_that_says_so(boss):
    assert boss.says["nothing"] in boss.text("/models")
    assert boss.get("/models/versions/shipped").status_code == 404
    for path in ("/models/versions/x", "/models/runs/..%2F..%2Fx", "/models/runs/run-1", "/models/sets/nope"):
        assert boss.get(path).status_code == 404


@pytest.mark.long
def test_the_page_tells_of_the_trial_and_an_admin_changes_it(boss, cache, candidate, folder):
    page = boss.text("/models")
    assert candidate in page
    assert boss.says["share"] in page
    assert boss.says["done"] in read(boss.post("/models/share", share="50").text)
    assert read_pointer(cache).candidate.share == 0.5
    boss.post("/models/shadow", on="yes")
    assert read_pointer(cache).candidate.shadow
    boss.post("/models/adopt")
    pointer = read_pointer(cache)
    assert (pointer.version, pointer.by, pointer.candidate) == (candidate, "boss", None)
    boss.post("/models/rollback")
    assert read_pointer(cache).version == "shipped"
    boss.post("/models/rollback", to=candidate)
    assert read_pointer(cache).version == candidate
    with ConsoleStore.open(folder, guest=True) as store:
        acts = [(deed.act, deed.subject, deed.detail) for deed in store.audit.latest(10)]
    assert ("model share", candidate, "50 %") in acts
    assert ("model adopted", candidate, "") in acts
    assert [act for act, *_ in acts].count("model rolled back") == 2


def test_a_version_is_told_with_its_figures_and_nothing_of_a_message_is_markup(boss, candidate):
    answer = boss.get(f"/models/versions/{candidate}")
    assert "<script>alert" not in answer.text
    page = read(answer.text)
    assert TEXT in page
    assert boss.says["won"] in page
    assert "66.7% → 100.0%" in page
    assert boss.says["taken"] in page


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/models/share", {"share": "500"}),
        ("/models/share", {"share": "many"}),
        ("/models/share", {"share": "nan"}),
        ("/models/rollback", {"to": "../../etc"}),
        ("/models/learn", {"how": "; rm -rf"}),
        ("/models/learn", {"how": "share", "share": "-1"}),
        ("/models/prior", {"version": "x"}),
    ],
)
def test_odd_choices_change_nothing(app, cache, candidate, path, form):
    boss = Member.of(app, "boss", Role.ADMIN)
    before = read_pointer(cache)
    assert "not a possible choice" in read(boss.post(path, **form).text)
    assert read_pointer(cache) == before


def test_only_admins_act_and_only_with_their_token(app, ana, cache, candidate):
    page = ana.get("/models").text
    assert candidate in page
    assert "/models/adopt" not in page
    for path in ("learn", "jobs/drift", "share", "shadow", "adopt", "drop", "rollback", "prior"):
        assert ana.post(f"/models/{path}").status_code == 403
        assert ana.post(f"/models/{path}", csrf="stolen").status_code == 403
    assert read_pointer(cache).candidate.share == 0.25


def test_what_the_command_refuses_is_told_in_its_sentence(app, cache):
    boss = Member.of(app, "boss", Role.ADMIN)
    assert "No understander is on trial" in read(boss.post("/models/adopt").text)
    assert "The shipped understander serves" in read(boss.post("/models/rollback").text)


def test_the_prior_is_asked_of_the_running_bot(app):
    boss = Member.of(app, "boss", Role.ADMIN)
    assert "No bot runs" in read(boss.post("/models/prior", version="0").text)


def test_runs_and_sets_are_listed_and_told(app, boss, folder):
    talk = Talking(folder)
    for user in range(12):
        talk.label(talk.says(user, f"便宜点{chr(0x4E00 + user)}"), Intent.REFINE, lane=Lane.SAMPLE)
    talk.close()
    exported = export_settled(folder)
    run = Run(
        "run-20261127-101500", Recipe(), "Wei", "2026-11-27T10:15:00+00:00", start="shipped", set=exported.version
    )
    run.state, run.outcome, run.version = "refused", "refused", "understander-0badcafe"
    run.reasons = ["English: slot F1 falls from 75.9% to 70.0%."]
    run.steps = {"judge": {"state": "done", "seconds": 12.0, "said": {"sets": {"frozen": plain(measured())}}}}
    save(folder, run)
    page = boss.text("/models")
    assert run.id in page
    assert exported.version in page
    told = boss.text(f"/models/runs/{run.id}")
    assert run.reasons[0] in told
    assert boss.says["won"] in told
    assert boss.says["refine"] in boss.text(f"/models/sets/{exported.version}")


@pytest.mark.long
def test_a_job_goes_on_by_itself_one_of_each_and_its_progress_is_asked_for(app, folder):
    boss = Member.of(app, "boss", Role.ADMIN)
    with jobs._lock(folder, "drift") as held:
        assert held is not None
        page = boss.get("/models").text
        assert 'hx-get="/models/work"' in page
        assert "going on already" in read(boss.post("/models/jobs/drift").text)
        assert "looking at the talk" in read(boss.get("/models/work").text)
    assert 'hx-get="/models/work"' not in boss.get("/models").text
    assert "It has begun" in read(boss.post("/models/jobs/drift").text)
    ends = time.monotonic() + 60
    while jobs.is_running(folder, "drift"):
        assert time.monotonic() < ends
        time.sleep(0.1)
    assert "Nobody has said anything yet" in jobs.last_words(folder, "drift")


def test_a_run_that_was_killed_is_not_told_to_go_on(app, folder):
    boss = Member.of(app, "boss", Role.ADMIN)
    run = Run("run-20261127-101500", Recipe(), "Wei", "2026-11-27T10:15:00+00:00")
    run.steps = {"mix": {"state": "done", "said": {"steps": 100}}}
    save(folder, run)
    assert "stopped" in boss.text("/models")
    metrics = folder_of(folder, run.id) / "model" / "run" / "metrics.jsonl"
    metrics.parent.mkdir(parents=True)
    metrics.write_text(json.dumps({"step": 50, "loss": 1.0}), encoding="utf-8")
    with jobs._lock(folder, "learn"):
        assert "34%" in boss.text("/models")
