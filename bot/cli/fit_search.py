"""`shopbot fit-search`: the weights of search, learned from judged queries or from what shoppers took."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from tqdm import tqdm

from bot.cli.options import data_option
from bot.cli.taste import opened
from bot.settings import Settings, load_settings
from storage.shop import Shop

if TYPE_CHECKING:
    from bot.search_fitting import SearchFit
    from recommender.fusion_fitting import JudgedQuery

_NAMES = {"en": "English", "zh": "Chinese"}


class NotBetterError(Exception):
    """No fit is certain to be better than what is in use."""


@click.command("fit-search")
@click.option("--queries", type=click.Path(path_type=Path), help="Lines of id<TAB>text.")
@click.option("--judgements", type=click.Path(path_type=Path), help="Lines of query<TAB>product<TAB>gain, 0 or more.")
@click.option(
    "--from-clicks", is_flag=True, help="Learn from this shop's pages: what was opened, liked, saved, bought."
)
@click.option("--rollback", is_flag=True, help="Go back to the weights that were in use before.")
@click.option("--dry-run", is_flag=True, help="Report only; nothing is put to use. May run beside the bot.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@data_option
def fit_search(
    queries: Path | None,
    judgements: Path | None,
    from_clicks: bool,
    rollback: bool,
    dry_run: bool,
    as_json: bool,
    data: Path | None,
) -> None:
    """Fit how much words, meaning and the other parts of a match weigh in search, for English and Chinese apart.

    Half of the queries teach and the other half judge. Weights are put to use only where the 95 % interval of what they
    gain lies above nothing; else the exit code is 1. The bot must be stopped, and serves them from its next start on.

    \b
    shopbot fit-search --queries queries.tsv --judgements qrels.tsv
    shopbot fit-search --from-clicks --dry-run
    shopbot fit-search --rollback
    """
    files = queries is not None and judgements is not None
    if (queries is None) != (judgements is None) or files + from_clicks + rollback != 1 or (rollback and dry_run):
        raise click.UsageError("Give --queries and --judgements, or --from-clicks, or --rollback alone.")
    from bot.search_fitting import fit_search as fit
    from bot.search_fitting import keep_search, take_back

    with opened(data, readonly=dry_run) as shop:
        if rollback:
            version = take_back(shop)
            click.echo(f"In use: {'the shipped weights' if version is None else f'version {version}'}.")
            return
        found = fit(shop, _judged(shop, load_settings(data=data), queries, judgements, embed=not dry_run))
        kept = keep_search(shop, found, datetime.now(UTC)) if found.certain and not dry_run else 0
    _print(found, kept, as_json)
    if not found.certain:
        raise NotBetterError("No weights are certain to be better than those in use; nothing was changed.")


def _judged(
    shop: Shop, settings: Settings, queries: Path | None, judgements: Path | None, *, embed: bool
) -> list[JudgedQuery]:
    from bot.judgements import judged_by_clicks, judged_by_files, read_judgements
    from bot.upkeep.beliefs import shared_prior
    from nlu.loading import load_encoder
    from recommender.exact import ExactIndex
    from recommender.matcher import Matcher

    told = read_judgements(queries, judgements) if queries and judgements else None
    encode = load_encoder(settings.data / "models", threads=settings.model_threads)
    index = ExactIndex(shop.catalogue, shop.vectors, encode, encode.version, embed=embed, progress=embed)
    matcher = Matcher(shop.catalogue, index, encode, settings.recommending)
    if told:
        return list(judged_by_files(matcher, told, _bar))
    return judged_by_clicks(matcher, shop.page_log.pages(), shared_prior(shop).attention)


def _bar(items: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    return tqdm(items, desc="Searching", unit="", disable=None)


def _print(found: SearchFit, version: int, as_json: bool) -> None:
    from bot.search_fitting import named

    weights = {language: named(fit.weights) for language, fit in found.fits.items()}
    if as_json:
        plain = {"version": version, "figures": found.figures, "weights": weights, "skipped": found.skipped}
        click.echo(json.dumps(plain))
        return
    for language, fit in found.fits.items():
        value, low, high = fit.gain
        click.echo(f"{_NAMES[language]}: fitted on {fit.learned} queries, judged on {fit.judged} others")
        click.echo(f"  nDCG@10 {fit.before:.4f} -> {fit.after:.4f}, gained {value:+.4f} ({low:+.4f} to {high:+.4f})")
        click.echo("  " + ", ".join(f"{part} {weight:.2f}" for part, weight in weights[language].items()))
        click.echo("  better" if fit.certain else "  not certain to be better: left out")
    for language, why in found.skipped.items():
        click.echo(f"{_NAMES[language]}: {why}; its weights stay.")
    click.echo(f"In use as version {version}, from the bot's next start on." if version else "Nothing was put to use.")
