"""What to show: filter, retrieve, fuse, read the rows again, score with the shopper's weights, fill the page, say why.

    recommender = Recommender(shop.catalogue, index, encoder, shop.catalogue.vocabulary)
    slate = recommender.recommend(Request(...))        # the page and the next candidates
    chances = recommender.propensities(request, slate)  # after the reply was sent

Runs in one thread, that of its catalogue's connection. Parts raise; what has a plainer twin falls back to it and says
so (`Slate.degraded`): without encoder or index the words alone are searched.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from recommender import bandit
from recommender.affinity import likeness
from recommender.arrivals import arrivals_of
from recommender.avoiding import avoiding
from recommender.candidates import Rows
from recommender.config import RecommenderConfig
from recommender.facts import Witness
from recommender.features import feature_matrix
from recommender.filling import filled
from recommender.filters import admits, filters_of
from recommender.fusion import Fusion
from recommender.hand import Holding, holding, widened
from recommender.heat import COLD, Heat
from recommender.occasions import occasion_words, occasions_on
from recommender.page import plain_rules
from recommender.passages import PassageFinder
from recommender.pool import Evidence, Pool
from recommender.ports import CatalogueReader, ChangedTexts, Encode, HandReader, VectorIndex, Vectors
from recommender.prior import Matrix
from recommender.propensity import on_page
from recommender.question import Question, question_of
from recommender.ranking import Ranking, as_new, as_rated, as_seen, draw, items_of, live_rules, question_beside
from recommender.reasons import reasons_of
from recommender.relaxing import Limits, loosened, ways_of
from recommender.request import Request
from recommender.retrieval import NOTHING, Asked, Found, Retriever, admitted
from recommender.shopper import aim, evidence_of, taken, unwanted
from recommender.stopwatch import Stopwatch
from recommender.together import APART, Together, fit
from recommender.wishes import wanted_of
from storage.records import Filters, Slate, Vocabulary

log = logging.getLogger(__name__)
_TIMELY = 20  # products that name an occasion, among the candidates where nothing was asked
_TRIES = 3
_REMEMBERED = 8  # rankings whose propensities may still be asked for


class Recommender:
    """Need and taste to recommendations.

    Args:
        catalogue: the read side of the shop's catalogue.
        index: nearest products by cosine.
        encode: texts to unit vectors (n, 384).
        vocabulary: the shop's words, or what gives them as they are now.
        config: sizes and half-lives.
        hand: the owner's rules; None: there are none.
    """

    def __init__(
        self,
        catalogue: CatalogueReader,
        index: VectorIndex,
        encode: Encode,
        vocabulary: Callable[[], Vocabulary] | Vocabulary,
        config: RecommenderConfig | None = None,
        hand: HandReader | None = None,
    ) -> None:
        self.index, self._hand = index, hand
        self.heat: Heat = COLD
        self.together: Together = APART
        self.passages: PassageFinder | None = None
        self._catalogue, self._encode, self._vocabulary = catalogue, encode, vocabulary
        self._config = config or RecommenderConfig()
        self._retriever = Retriever(catalogue, index, self._config)
        self._rankings: OrderedDict[Request, Ranking] = OrderedDict()
        self._parts: OrderedDict[Request, tuple[Request, ...]] = OrderedDict()

    def adopt_fusion(self, fusion: Fusion) -> None:
        """Rank by these weights of the parts of a match from the next request on."""
        self._retriever.fusion = fusion

    def read_ahead(self, catalogue: ChangedTexts, going_on: Callable[[], bool] = lambda: True) -> None:
        """Reads what changed since the last time, so that no page has to: in any thread, with its own catalogue."""
        texts = self._retriever.texts
        texts.read_ahead(catalogue.texts_since(texts.newest), going_on)

    def recommend(self, request: Request) -> Slate:
        """The page and the next candidates. Every card satisfies the need's hard limits on the row as it is now; where
        fewer than a page do, those come first, and the slate says which limits gave way for the others.
        """
        slate = self._page(request)
        if request.anonymous or not request.relax or len(slate.page) >= request.page_size:
            return slate
        vocabulary = self._words()
        strict = filters_of(request.need, vocabulary)
        with self._catalogue.steady():
            ways = ways_of(Limits(request.need, strict, vocabulary, self._catalogue), request.page_size)
        slate, asked = filled(request, slate, ways, strict, self._page)
        self._parts[request] = (request, *asked)
        while len(self._parts) > _REMEMBERED:
            self._parts.popitem(last=False)
        return slate

    def _page(self, request: Request) -> Slate:
        """A page of what satisfies the limits, as let out by the request's own way."""
        watch = Stopwatch()
        for _ in range(_TRIES):  # the catalogue may change between its columns and its rows
            with self._catalogue.steady():
                ranking = self._rank(request, watch)
                with watch.lap("page"):
                    drawn = draw(request, ranking, self._config.logged)
                with watch.lap("rows"):
                    ranking.pool.read(drawn.rows)
            if holds := all(admits(ranking.filters, ranking.pool.products[row]) for row in drawn.rows):
                break
        with watch.lap("question"):
            question = question_beside(request, ranking, drawn.page)
        with watch.lap("reasons"):
            reasons = reasons_of(ranking.witness, drawn.parts, drawn.page)
            shown = zip(drawn.page, reasons, strict=True)
            reasons = [as_new(ranking, row, why, drawn.explored) for row, why in shown]
            if request.need.best_rated:
                reasons = [as_rated(ranking, row, why) for row, why in zip(drawn.page, reasons, strict=True)]
            elif request.need.looks:
                reasons = [as_seen(ranking, row, why) for row, why in zip(drawn.page, reasons, strict=True)]
        with watch.lap("slate"):
            items = items_of(ranking, drawn, reasons)
            items = items if holds else [item for item in items if admits(ranking.filters, item.product)]
        self._remember(request, ranking)
        return Slate(
            items=tuple(items),
            index_version=self.index.version,
            policy="prior" if request.anonymous else request.policy,
            seed=request.seed,
            taste_version=request.taste.version if request.taste and not request.impersonal else 0,
            admitted=ranking.admitted,
            degraded=ranking.degraded,
            timings=watch.laps,
            stages={stage.value: chance for stage, chance in request.odds.items()},
            question=question,
        )

    def likeness(self, text: str, others: Sequence[str]) -> list[float]:
        """The cosine of a text with each of some others, as the encoder sees them."""
        vectors = self._encode([text, *others])
        return [float(cosine) for cosine in vectors[1:] @ vectors[0]]

    def propensities(self, request: Request, slate: Slate) -> dict[str, float]:
        """P(on the page) for each product of the slate, under the policy that made it.

        A policy without a draw puts its page there for certain. Of a page with relaxed limits each part has its own.
        """
        if slate.ways and request not in self._parts:
            self.recommend(request)
        found: dict[str, float] = {}
        for part in self._parts.get(request, (request,)):
            found = self._chances(part, slate) | found
        return found

    def _chances(self, request: Request, slate: Slate) -> dict[str, float]:
        if request.anonymous or request.policy != "thompson" or request.need.ordered:
            return {item.product.id: float(item.position > 0) for item in slate.items}
        ranking = self._rankings.pop(request, None) or self._rank(request, Stopwatch())
        rng = np.random.default_rng((abs(request.seed), 1))
        chances = on_page(
            *(ranking.x, ranking.posterior, ranking.rules, request.page_size, self._config.draws, rng),
            build=lambda scores, _, size: ranking.pages(scores, size, rng)[0],
        )
        by_id = dict(zip(ranking.pool.facts.ids, chances.tolist(), strict=True))
        by_id |= {item.product.id: 1.0 for item in slate.page if item.features.get(bandit.PINNED)}
        return {item.product.id: by_id[item.product.id] for item in slate.items if item.product.id in by_id}

    # --- inside -------------------------------------------------------------------------------------

    def _words(self) -> Vocabulary:
        return self._vocabulary() if callable(self._vocabulary) else self._vocabulary

    def _rank(self, request: Request, watch: Stopwatch) -> Ranking:
        vocabulary = self._words()
        filters = loosened(filters_of(request.need, vocabulary), request.way)
        rules = self._hand.rules() if self._hand else ()
        question = widened(question_of(request.need, vocabulary), rules, request)
        question = question.also_spelled(self._catalogue.spelled)
        held = holding(rules, request, question, vocabulary)
        with watch.lap("evidence"):
            evidence = evidence_of(request, self._catalogue, self.index)
            evidence = replace(evidence, goes_with=self.together.suggested(taken(request, self._config)))
        vector, failed = self._embed(question, watch)
        found, broken = self._retrieve(request, filters, question, vector, evidence, watch)
        with watch.lap("pool"):
            pool = self._pool(found, filters, vector, held, unwanted(request))
            pool = replace(pool, goes_with=fit(evidence.goes_with, pool.facts.ids))
            if question.words:
                numbers = pool.facts.numbers
                pool = replace(pool, halves=(found.by_words.of(numbers), found.by_meaning.of(numbers)))
        with watch.lap("features"):
            liked = replace(request.need, wishes=(*request.need.wishes, *request.soft))
            wanted = wanted_of(liked, vocabulary)
            granted = wanted.granted_in(pool.facts, pool.products)
            x = feature_matrix(request, pool, evidence, wanted, granted, self._config)
        taste = None if request.impersonal else request.taste
        believed = bandit.posterior(taste, request.now, request.shared)
        match = _match(pool, evidence)
        live = None if request.anonymous else live_rules(request.need, pool, match, x @ believed.mean, self._config)
        hand = avoiding(held.on(pool.products, match, self._config.boost_match), pool, request, vocabulary)
        return Ranking(
            pool=pool,
            x=x,
            posterior=believed,
            rules=live or plain_rules(pool),
            hand=hand,
            arrivals=arrivals_of(request, pool, match, self._config.arrivals).without(hand.avoided),
            witness=Witness(request, pool, evidence, wanted, granted, question, self._config, self.together),
            filters=filters,
            admitted=self._retriever.admitted(filters),
            degraded=failed or broken,
        )

    def _embed(self, question: Question, watch: Stopwatch) -> tuple[Vectors | None, bool]:
        """The question's vector, and whether there should have been one."""
        try:
            with watch.lap("encode"):
                return question.embed(self._encode), False
        except Exception:
            log.exception("The encoder failed; searching by words alone")
            return None, True

    def _retrieve(
        self,
        request: Request,
        filters: Filters,
        question: Question,
        vector: Vectors | None,
        evidence: Evidence,
        watch: Stopwatch,
    ) -> tuple[Found, bool]:
        """Candidates, and whether the index failed on the way."""
        hidden, size = unwanted(request), max(self._config.candidates, request.page_size + self._config.logged)
        if request.need.looks:  # what was seen is all there is to choose from, and says in which order
            return Found(self._catalogue.numbers([id for id in request.need.looks if id not in hidden])), False
        limit = max(self._config.retrieved, size) + len(hidden)
        aimed = aim(vector, evidence, request, self._config)
        dense, broken = NOTHING, False
        with watch.lap("dense"):
            try:
                dense = self._retriever.dense(aimed, filters, limit)
            except Exception:
                log.exception("The index failed; searching by words alone")
                broken = True
        with watch.lap("lexical"):
            lexical = self._retriever.lexical(question.words, filters, limit)
        with watch.lap("fuse"):
            if question.words or request.need.like_product:
                asked = Asked(question.words, aimed if vector is None else vector)
                found = self._retriever.fuse(lexical, dense, asked, self._catalogue.numbers(list(hidden)), size)
            else:
                timely, partners = self._timely(request, filters, size), list(evidence.goes_with)
                found = self._retriever.ideas(dense.numbers, filters, hidden, size, timely, partners)
        return found, broken

    def _timely(self, request: Request, filters: Filters, size: int) -> list[str]:
        """What this moment speaks for where nothing was asked: what names the occasions just ahead, what is wanted."""
        ahead = self._retriever.lexical(occasion_words(occasions_on(request.now)), filters, _TIMELY)
        return [*self._catalogue.names(ahead.numbers), *self.heat.hottest(size)]

    def _pool(
        self, found: Found, filters: Filters, vector: Vectors | None, held: Holding, hidden: frozenset[str]
    ) -> Pool:
        """The candidates as they are now and what the owner pinned, those left out that are not admitted."""
        pinned = self._catalogue.numbers([id for id in held.pinned if id not in hidden])
        looked_at = np.array(list(dict.fromkeys((*found.numbers.tolist(), *pinned.tolist()))), dtype=np.int64)
        facts = self._catalogue.facts(admitted(looked_at, self._catalogue.flags(filters)))
        shown = held.shows(facts, Rows(facts.ids, self._catalogue.get))
        if not shown.all():
            facts = self._catalogue.facts(facts.numbers[shown])
        vectors = self.index.vectors_of(facts.numbers)
        return Pool(
            products=Rows(facts.ids, self._catalogue.get),
            lexical=found.lexical.of(facts.numbers),
            dense=np.zeros(len(facts.ids)) if vector is None else (vectors @ vector).astype(np.float64),
            fused=found.fused.of(facts.numbers),
            vectors=vectors,
            heat=self.heat,
            columns=facts,
            seasonal=self._retriever.texts.marks(facts.numbers, facts.changed),
        )

    def _remember(self, request: Request, ranking: Ranking) -> None:
        self._rankings[request] = ranking
        while len(self._rankings) > _REMEMBERED:
            self._rankings.popitem(last=False)


def _match(pool: Pool, evidence: Evidence) -> Matrix:
    """How well the candidates fit what was asked: the words if there are any, else the product of "more like this"."""
    return pool.text if pool.text.any() else likeness(pool, evidence)
