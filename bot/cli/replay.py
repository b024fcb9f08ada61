"""`shopbot replay`: what another policy would earn, judged on the log before shoppers meet it."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from tqdm import tqdm

from bot.cli.options import data_option
from bot.settings import load_settings

if TYPE_CHECKING:
    from recommender.judging import Verdict
    from recommender.off_policy import Log
    from recommender.prior import Matrix

_OURS = ("prior", "greedy", "thompson", "linucb", "popularity", "random")
_GOALS = ("reward", "click", "cart", "order")


@click.command()
@click.option(
    "--policy",
    "policies",
    multiple=True,
    help=f"What to judge, as often as you like: {', '.join(_OURS)}; with --open-bandit random, popularity or"
    " logged:DIR. All by default.",
)
@click.option(
    "--goal", type=click.Choice(_GOALS), default="reward", show_default=True, help="What is counted for a page."
)
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only pages shown from this day on (UTC).")
@click.option(
    "--open-bandit",
    type=click.Path(file_okay=False, path_type=Path),
    help="Judge on Open Bandit files (log.csv, item_context.csv) instead of the shop's log.",
)
@click.option(
    "--clip", type=click.FloatRange(min=1.0), help="Largest weight; larger ones are cut. No limit by default."
)
@click.option(
    "--prior",
    "version",
    type=click.IntRange(min=0),
    help="Judge with this version of the fitted prior (0: the shipped one) instead of the one in use.",
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of the policies' draws.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@data_option
def replay(
    policies: tuple[str, ...],
    goal: str,
    since: datetime | None,
    open_bandit: Path | None,
    clip: float | None,
    version: int | None,
    seed: int,
    as_json: bool,
    data: Path | None,
) -> None:
    """Estimate what a policy would have earned for a page, from what was logged while another one served.

    Five estimators with 95 % intervals over shoppers: ips, snips, dm (a model of the reward), dr and sndr (doubly
    robust: read these first). A policy that the log cannot speak for is refused with the reason. Only reads; the bot
    may be running.

    \b
    shopbot replay                                   every policy on the shop's log
    shopbot replay --policy greedy --goal cart       would the mean ranking fill more carts?
    shopbot replay --open-bandit DIR/random_men --policy logged:DIR/bts_men
    """
    found = _open_bandit(open_bandit, policies) if open_bandit else _ours(policies, goal, since, version, seed, data)
    logs, x, facts = found
    results: dict[str, Any] = {"log": facts, "policies": {}}
    silent = 0
    for name, log in logs.items():
        results["policies"][name] = judged = _judged(log, x, clip)
        silent += "refused" in judged
    click.echo(json.dumps(results) if as_json else _table(results))
    if silent == len(logs):
        raise click.exceptions.Exit(1)


def _judged(log: Log, x: Matrix, clip: float | None) -> dict[str, Any]:
    from recommender.judging import SilentLogError, judge

    try:
        return _plain(judge(log, x, clip=clip))
    except SilentLogError as error:
        return {"refused": str(error)}


def _plain(verdict: Verdict) -> dict[str, Any]:
    return {
        "estimates": {name: asdict(estimate) for name, estimate in verdict.estimates.items()},
        "gains": {name: asdict(estimate) for name, estimate in verdict.gains.items()},
        "diagnosis": asdict(verdict.diagnosis),
    }


def _ours(
    policies: tuple[str, ...], goal: str, since: datetime | None, version: int | None, seed: int, data: Path | None
) -> tuple[dict[str, Log], Matrix, dict[str, Any]]:
    """The shop's log under each policy, its features, and what to say of it."""
    from bot.replaying import Gatherer, NoPagesError, prior_of
    from storage.shop import Shop

    unknown = [name for name in policies if name not in _OURS]
    if unknown:
        raise click.UsageError(f"There is no policy {unknown[0]!r}: take one of {', '.join(_OURS)}.")
    shop = Shop.open(load_settings(data=data).data, readonly=True)
    try:
        day = since.replace(tzinfo=UTC) if since else None
        shared = None if version is None else prior_of(shop, version)
        gatherer = Gatherer(shop, policies or _OURS, goal, seed, shared)  # type: ignore[arg-type]
        count = shop.page_log.count(day)
        for page in tqdm(shop.page_log.pages(day), total=count, desc="Replaying", unit=" pages", disable=None):
            gatherer.add(page)
    finally:
        shop.close()
    found = gatherer.replay
    if not found.page:
        raise NoPagesError(found.left_out)
    facts = {
        "goal": goal,
        "pages": len(found.shopper),
        "from": found.first.isoformat() if found.first else None,
        "to": found.last.isoformat() if found.last else None,
        "left_out": dict(found.left_out),
        "candidates": "those shown and the next ones that were logged; rewards of a page's items add up",
    }
    return {name: found.log(name) for name in policies or _OURS}, found.features, facts


def _open_bandit(folder: Path, policies: tuple[str, ...]) -> tuple[dict[str, Log], Matrix, dict[str, Any]]:
    """The second half of the files under each policy: what a policy learns from comes before."""
    from recommender.open_bandit import OWN_POLICIES, as_logged, halves, read_open_bandit

    earlier, later = halves(read_open_bandit(folder))
    logs = {}
    for name in policies or tuple(OWN_POLICIES):
        kind, _, other = name.partition(":")
        if kind == "logged" and other:
            distribution = as_logged(read_open_bandit(Path(other)))
        elif name in OWN_POLICIES:
            distribution = OWN_POLICIES[name](earlier)
        else:
            raise click.UsageError(
                f"There is no policy {name!r} for Open Bandit files: take {', '.join(OWN_POLICIES)} or logged:DIR."
            )
        logs[name] = later.log(distribution)
    facts = {
        "goal": "click",
        "pages": later.rounds,
        "clicks": int(later.click.sum()),
        "candidates": "one item to a page; rows are taken as independent, for the files name no shoppers",
    }
    return logs, later.features(), facts


def _table(results: dict[str, Any]) -> str:
    log = results["log"]
    lines = [f"{log['pages']} pages, counted by {log['goal']}; candidates: {log['candidates']}."]
    lines += [f"Left out: {count} pages {why}." for why, count in log.get("left_out", {}).items()]
    for name, found in results["policies"].items():
        lines += ["", f"{name}"]
        if "refused" in found:
            lines.append(f"  {found['refused']}")
            continue
        lines += _seen(found["diagnosis"])
        lines.append(f"  {'':6}{'a page':>10}  {'95 % interval':<22}{'gain':>10}  95 % interval")
        for estimator, value in found["estimates"].items():
            gained = found["gains"][estimator]
            lines.append(
                f"  {estimator:6}{value['value']:>10.4f}  {_span(value):<22}{gained['value']:>+10.4f}  {_span(gained)}"
            )
    return "\n".join(lines)


def _seen(found: dict[str, float]) -> list[str]:
    """How far the log reaches for this policy."""
    return [
        f"  {found['shoppers']} shoppers, worth {found['effective_shoppers']:.0f}; {found['shown']} items shown, worth"
        f" {found['effective']:.0f}; {found['rewarded']} with a reaction",
        f"  weights: mean {found['mean_weight']:.3f} (1 where the propensities fit), largest"
        f" {found['largest_weight']:.1f}, {found['clipped']:.1%} cut; support {found['support']:.1%}",
    ]


def _span(found: dict[str, float]) -> str:
    return f"{found['low']:.4f} to {found['high']:.4f}"
