"""What every vector index promises: inherit `RetrieverContract` and give `index`, `catalogue` and `encode`.

`index` is only asked, so one may serve all tests; `following` is an index of one's own over the `catalogue` that the
test changes.
"""

from dataclasses import replace

import numpy as np
import pytest


class RetrieverContract:
    """Cosine search under an exact set of allowed ids, kept current with the catalogue."""

    @pytest.fixture
    def index(self):
        raise NotImplementedError

    @pytest.fixture
    def following(self, index):
        return index

    def test_a_products_own_text_finds_it_first(self, index, catalogue, encode):
        for id, text, _ in catalogue.embedding_texts():
            (nearest, cosine), *_ = index.query(encode([text])[0], None, 3)
            assert nearest == id
            assert cosine == pytest.approx(1.0, abs=1e-5)

    def test_the_nearest_come_first_with_their_cosines(self, index, encode):
        question = encode(["red linen dress"])[0]
        found = index.query(question, None, 20)
        cosines = [cosine for _, cosine in found]
        assert cosines == sorted(cosines, reverse=True)
        assert len({id for id, _ in found}) == 20
        assert np.allclose(index.vectors([id for id, _ in found]) @ question, cosines, atol=1e-5)

    def test_only_allowed_ids_are_found_and_all_of_them(self, index, encode):
        allowed = {"p1", "p30", "p60", "unheard of"}
        found = index.query(encode(["a blue mug"])[0], allowed, 10)
        assert {id for id, _ in found} == {"p1", "p30", "p60"}

    def test_nothing_allowed_finds_nothing(self, index, encode):
        assert index.query(encode(["mug"])[0], set(), 10) == []
        assert index.query(encode(["mug"])[0], None, 0) == []

    def test_asking_for_more_than_there_is_gives_all(self, index, catalogue, encode):
        assert len(index.query(encode(["mug"])[0], None, 10_000)) == len(catalogue.ids())

    def test_an_unknown_id_has_a_zero_vector(self, index):
        vectors = index.vectors(["p1", "unheard of"])
        assert vectors.shape == (2, 384)
        assert np.linalg.norm(vectors[0]) == pytest.approx(1.0, abs=1e-5)
        assert not vectors[1].any()

    def test_equal_questions_have_equal_answers(self, index, encode):
        question = encode(["leather boots"])[0]
        assert index.query(question, None, 15) == index.query(question, None, 15)

    def test_a_new_product_is_found_after_a_refresh(self, following, catalogue, encode, make_product):
        before = following.version
        catalogue.upsert([make_product("new", title="Purple velvet sofa")])
        assert following.refresh(catalogue) == 1
        assert following.query(encode(["purple velvet sofa"])[0], None, 1)[0][0] == "new"
        assert following.version != before

    def test_a_changed_text_is_found_by_its_new_words_only(self, following, catalogue, encode):
        old = catalogue.get(["p1"])["p1"]
        catalogue.upsert([_retitled(old, "Zebra striped umbrella")])
        following.refresh(catalogue)
        assert following.query(encode(["zebra striped umbrella"])[0], None, 1)[0][0] == "p1"

    def test_a_withdrawn_product_is_not_found(self, following, catalogue, encode):
        kept = [product for id, product in catalogue.get(catalogue.ids()).items() if id != "p1"]
        catalogue.upsert(kept, replace=True)
        following.refresh(catalogue)
        assert "p1" not in {id for id, _ in following.query(encode(["red linen dress"])[0], None, 500)}

    def test_a_changed_price_embeds_nothing(self, following, catalogue, encode):
        embedded, version = encode.texts, following.version
        catalogue.upsert([replace(catalogue.get(["p1"])["p1"], price=catalogue.get(["p1"])["p1"].price + 1)])
        assert following.refresh(catalogue) == 0
        assert (encode.texts, following.version) == (embedded, version)


def _retitled(product, title):
    return replace(product, title=title, description="", brand="", category="", categories=(), colors=(), materials=())
