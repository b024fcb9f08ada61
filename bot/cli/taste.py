"""`shopbot taste`: what shoppers' reactions taught, all shoppers at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from tqdm import tqdm

from bot.cli.options import data_option
from bot.lock import is_owned
from bot.settings import load_settings
from storage.shop import FILE_NAME, Shop

if TYPE_CHECKING:
    from bot.rates import Rate
    from recommender.prior import Prior


class TasteError(Exception):
    """The message says what to do."""


@click.group()
def taste() -> None:
    """What reactions taught: the shared prior, every shopper's taste, and what learning is worth.

    \b
    shopbot taste arms                 click, cart and order rates beside the holdout's
    shopbot taste fit                  learn the shared prior from everybody's log
    shopbot taste rebuild --check      is every taste what the log alone gives?
    shopbot taste use shipped          back to the prior that came with the program
    """


@taste.command()
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only pages shown from this day on (UTC).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@data_option
def arms(since: datetime | None, as_json: bool, data: Path | None) -> None:
    """Click, cart and order rates by arm: the plain ranker's permanent holdout, and everybody else.

    Rates are of cards shown, paid ones left out, with 95 % intervals that resample shoppers; the share of shoppers who
    ordered has Wilson's interval. May run beside the bot.

    \b
    shopbot taste arms
    shopbot taste arms --since 2026-11-01 --json
    """
    from bot.arms import GOALS, difference
    from bot.arms import arms as arms_of
    from storage.arms import arm_shares

    with opened(data, readonly=True) as shop:
        shares = arm_shares(shop.db, since.replace(tzinfo=UTC) if since else None)
    found = arms_of(shares)
    gains = {goal: difference(shares, goal) for goal in GOALS}
    if as_json:
        plain = {goal: asdict(gain) if gain else None for goal, gain in gains.items()}
        click.echo(json.dumps({"arms": [asdict(arm) for arm in found], "difference": plain}))
        return
    if not found:
        raise TasteError("No page was shown yet: there is nothing to compare.")
    for arm in found:
        click.echo(f"{arm.name}: {arm.shoppers} shoppers, {arm.pages} pages, {arm.cards} cards")
        for goal in GOALS:
            click.echo(f"  {goal:<22} {_percent(arm.rates[goal])} of cards")
        click.echo(f"  {'ever ordered':<22} {_percent(arm.buyers)} of shoppers")
    for goal, gain in gains.items():
        if gain is None:
            click.echo("The other arm has nobody yet.")
            return
        click.echo(f"bandit less holdout, {goal}: {_percent(gain, sign=True)} of cards")


@taste.command()
@click.option("--dry-run", is_flag=True, help="Report only; nothing is put to use.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@data_option
def fit(dry_run: bool, as_json: bool, data: Path | None) -> None:
    """Learn the shared prior (mean and covariance of the weights across shoppers) from everybody's log.

    Every fifth shopper is held back to judge it; then it is fitted on all and put to use, and all tastes are built
    again. What `shopbot replay --policy prior` says before and after is the judgement by what was shown.

    \b
    shopbot taste fit --dry-run
    shopbot taste fit
    """
    from bot.upkeep.tasting import fit_prior, keep_prior, rebuild_all
    from recommender.prior import prior

    with opened(data, readonly=dry_run) as shop:
        found = fit_prior(shop, progress=_bar("Reading"))
        version = 0
        if not dry_run:
            version = keep_prior(shop, found, datetime.now(UTC))
            rebuild_all(shop, progress=_bar("Rebuilding"))
    if as_json:
        click.echo(json.dumps({"version": version, **found.figures, "prior": found.prior.as_json()}))
        return
    value, low, high = found.gain
    click.echo(f"{found.shoppers} shoppers, {found.cards} cards.")
    click.echo(f"Log-likelihood gained a card, on shoppers held back: {value:+.4f} ({low:+.4f} to {high:+.4f})")
    _table(prior(), found.prior)
    click.echo(f"In use as version {version}." if version else "Nothing was put to use.")


@taste.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@data_option
def propose(as_json: bool, data: Path | None) -> None:
    """Fit the shared prior and judge it on the log, for an admin to decide on in the console. Changes nothing, so it
    may run beside the bot.

    \b
    shopbot taste propose
    """
    from bot.learn.prior import propose as proposed

    found = proposed(load_settings(data=data).data)
    if as_json:
        click.echo(json.dumps(found))
        return
    figures = found["figures"]
    click.echo(f"{figures['shoppers']} shoppers, {figures['cards']} cards.")
    click.echo(
        f"Log-likelihood gained a card, on shoppers held back: {figures['gain']:+.4f} "
        f"({figures['gain_low']:+.4f} to {figures['gain_high']:+.4f})"
    )
    for name, estimate in found["estimates"].items():
        worth = estimate.get("reward")
        said = f"{worth['value']:.4f} ({worth['low']:.4f} to {worth['high']:.4f})" if worth else estimate["silent"]
        click.echo(f"{name}: a page earns {said}")


@taste.command()
@click.option("--check", is_flag=True, help="Compare only; nothing is written. May run beside the bot.")
@data_option
def rebuild(check: bool, data: Path | None) -> None:
    """Build every taste from the log alone, and say whose kept one was another. Exit code 1 where --check finds any.

    \b
    shopbot taste rebuild --check
    shopbot taste rebuild
    """
    from bot.upkeep.tasting import rebuild_all

    with opened(data, readonly=check) as shop:
        found = rebuild_all(shop, write=not check, progress=_bar("Rebuilding"))
    click.echo(f"{found.shoppers} tastes, {len(found.differing)} differed from the log.")
    if check and found.differing:
        first = ", ".join(map(str, found.differing[:5]))
        raise TasteError(f"Tastes differ from their log, of shoppers {first}: run shopbot taste rebuild.")


@taste.command()
@click.argument("version")
@data_option
def use(version: str, data: Path | None) -> None:
    """Put an earlier fit of the prior to use by its VERSION, or "shipped"; tastes are built again.

    \b
    shopbot taste use 2
    shopbot taste use shipped
    """
    from bot.upkeep.beliefs import NAME
    from bot.upkeep.tasting import rebuild_all

    if version != "shipped" and not version.isdecimal():
        raise click.UsageError('VERSION is a number or "shipped".')
    with opened(data) as shop:
        try:
            shop.fitted.use(NAME, None if version == "shipped" else int(version))
        except LookupError as error:
            raise TasteError(str(error)) from error
        found = rebuild_all(shop, progress=_bar("Rebuilding"))
    click.echo(f"The prior in use is {version}; {found.shoppers} tastes were built again.")


@contextmanager
def opened(data: Path | None, *, readonly: bool = False) -> Iterator[Shop]:
    """The shop of a data folder; to be written to where no bot runs on it."""
    folder = load_settings(data=data).data
    if not (folder / FILE_NAME).is_file():
        raise TasteError(f"There is no shop database in {folder}.")
    if not readonly and is_owned(folder):
        raise TasteError(f"The bot is running on {folder} and alone writes there: stop it first.")
    shop = Shop.open(folder, readonly=readonly)
    try:
        yield shop
    finally:
        shop.close()


def _bar(doing: str) -> Callable[[Iterable[int]], Iterable[int]]:
    def progress(items: Iterable[int]) -> Iterable[int]:
        return tqdm(items, desc=doing, unit="", disable=None)

    return progress


def _table(shipped: Prior, fitted: Prior) -> None:
    click.echo(f"{'weight':<18} {'shipped':>18} {'fitted':>18}")
    for at, name in enumerate(shipped.features):
        old, new = ((p.mean[at], p.covariance[at, at] ** 0.5) for p in (shipped, fitted))
        click.echo(f"{name:<18} {old[0]:>9.3f} ±{old[1]:>7.3f} {new[0]:>9.3f} ±{new[1]:>7.3f}")
    places = ", ".join(f"{place:.2f}" for place in fitted.attention.places)
    click.echo(
        f"noise {fitted.noise:.3f}; places looked at {places}; silent pages judged {fitted.attention.judged:.2f}"
    )


def _percent(rate: Rate, *, sign: bool = False) -> str:
    form = "+.2%" if sign else ".2%"
    return f"{rate.value:{form}} ({rate.low:{form}} to {rate.high:{form}})"
