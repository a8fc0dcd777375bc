import pytest


@pytest.fixture(autouse=True)
def rated(bands):
    """Every form of a sub kegiatan shows figures, and these are rated."""
