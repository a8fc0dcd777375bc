import pytest
from django.core.cache import cache

from tests.small_world import small_world


@pytest.fixture(autouse=True)
def empty_cache():
    """Kept pages outlive the database of a test."""
    cache.clear()


@pytest.fixture
def world(db):
    return small_world()
