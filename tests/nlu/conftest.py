"""The shipped models, derived once into pytest's own cache folder (named by version, so never stale)."""

import pytest

from nlu.loading import load_encoder, load_understander
from storage.terms import base_vocabulary


@pytest.fixture(scope="session")
def models_cache(request):
    return request.config.cache.mkdir("shopbot-models")


@pytest.fixture(scope="session")
def encoder(models_cache):
    return load_encoder(models_cache)


@pytest.fixture(scope="session")
def understander(models_cache):
    return load_understander(models_cache, base_vocabulary())
