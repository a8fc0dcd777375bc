"""What the API costs: an answer, and to say that it still holds."""

from bench.server import Stopwatch
from bench.table import Line, milliseconds
from bench.urls import EMPTY

ADDRESSES = ("/api/v1/progress/?by=strategy", "/api/v1/activities/?limit=100")
# One such answer takes about a millisecond: many of them, so that the ratio holds still.
TIMES = 20


def lines(site, rounds):
    for address in ADDRESSES:
        etag = site.get(address).headers["ETag"]
        answer, unchanged, empty = [], [], []
        for _ in range(rounds * TIMES):
            unchanged.append(cost(lambda: site.get_again(address, etag)))  # noqa: B023 (called at once)
            empty.append(cost(lambda: site.get(EMPTY)))
        for _ in range(rounds):
            answer.append(cost(lambda: site.get(address)))  # noqa: B023
        floor = middle(empty)
        yield Line(f"{address}", milliseconds(middle(answer)), middle(answer).cpu / floor.cpu, "F")
        yield Line(f"{address} 304", milliseconds(middle(unchanged)), middle(unchanged).cpu / floor.cpu, "F", most=1)


def cost(ask):
    watch = Stopwatch()
    ask()
    return watch.cost()


def middle(costs):
    return sorted(costs, key=lambda each: each.cpu)[len(costs) // 2]
