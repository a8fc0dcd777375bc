"""Lists of the admin, as places to go on to."""

from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class Waiting:
    """So many of something, and the list that shows them."""

    name: str
    count: int
    url: str


def list_of(model, query):
    return f"{reverse(f'admin:tracker_{model}_changelist')}?{query}"
