"""A made-up fiscal year for trying the program out: loaded whole, marked as sample, removed whole."""


class SampleError(Exception):
    """Sample data cannot be loaded or removed; the message says why and what to do."""
