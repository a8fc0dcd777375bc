import pytest

from tests.small_world import small_world


@pytest.fixture
def world(db):
    return small_world()
