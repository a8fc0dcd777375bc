"""The site inside this process, as a server would run it, and what its answers cost."""

import logging
import resource
import time
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from statistics import median
from urllib.parse import urlencode
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.test import Client

from bench.urls import EMPTY
from tracker.models import User
from tracker.sample.accounts import SECRETARIAT

CSRF_TOKEN = "b" * 32


@dataclass(frozen=True)
class Cost:
    cpu: float  # seconds of this process and of the programs it ran
    clock: float


class Stopwatch:
    def __init__(self):
        self._cpu, self._clock = _cpu(), time.perf_counter()

    def cost(self) -> Cost:
        return Cost(_cpu() - self._cpu, time.perf_counter() - self._clock)


def _cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


@dataclass(frozen=True)
class Answer:
    status: int
    content: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class Costs:
    """Medians, by address."""

    first: dict[str, Cost]
    again: dict[str, Cost]
    floor: Cost  # F: the empty page

    def ratio(self, cost: Cost) -> float:
        return cost.cpu / self.floor.cpu


@cache
def application():
    return get_wsgi_application()


class Site:
    """Signed in as the Sekretariat."""

    def __init__(self):
        # Sample data can only be loaded with DEBUG; a server runs without.
        settings.DEBUG = False
        settings.ALLOWED_HOSTS = ["localhost"]
        settings.ROOT_URLCONF = "bench.urls"
        settings.API_REQUESTS_PER_MINUTE = 1_000_000
        logging.getLogger("django.request").addHandler(logging.StreamHandler())  # why an answer failed
        client = Client()
        client.force_login(User.objects.get(username=SECRETARIAT.username))
        cookies = {
            settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value,
            settings.CSRF_COOKIE_NAME: CSRF_TOKEN,
        }
        self.cookies = "; ".join(f"{name}={value}" for name, value in cookies.items())

    def get(self, address) -> Answer:
        """The whole answer. One that is no page stops the run: its cost would say nothing."""
        answer = self._answer(address)
        if answer.status != 200:
            raise RuntimeError(f"{address} answered {answer.status}.")
        return answer

    def post(self, address, fields) -> Answer:
        body = urlencode(fields | {"csrfmiddlewaretoken": CSRF_TOKEN}, doseq=True).encode()
        return self._answer(
            address,
            REQUEST_METHOD="POST",
            CONTENT_TYPE="application/x-www-form-urlencoded",
            CONTENT_LENGTH=str(len(body)),
            **{"wsgi.input": BytesIO(body)},
        )

    def _answer(self, address, **variables) -> Answer:
        started = []
        status, chunks = self.start(address, started=started, **variables)
        return Answer(status, b"".join(chunks), dict(*started))

    def get_again(self, address, etag) -> Answer:
        """What a program hears that has this answer already."""
        answer = self._answer(address, HTTP_IF_NONE_MATCH=etag)
        if answer.status != 304:
            raise RuntimeError(f"{address} answered {answer.status} to {etag}.")
        return answer

    def start(self, address, *, started=None, **variables):
        """The status and a generator of the chunks of the answer, which must be read to its end."""
        path, _, query = address.partition("?")
        environ = {"PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "localhost", "HTTP_COOKIE": self.cookies}
        environ |= variables
        setup_testing_defaults(environ)
        statuses = []

        def start_response(status, headers):
            statuses.append(int(status.split()[0]))
            if started is not None:
                started.append(headers)

        response = application()(environ, start_response)
        return statuses[0], _read_and_close(response)

    def cost(self, address) -> Cost:
        watch = Stopwatch()
        self.get(address)
        return watch.cost()

    def costs(self, addresses, rounds, before=lambda: None) -> Costs:
        """Every page in turn, in each round: `before`, then the page, the same page again, and the empty page."""
        first, again, empty = {each: [] for each in addresses}, {each: [] for each in addresses}, []
        for address in (*addresses, EMPTY):
            self.get(address)
        for _ in range(rounds):
            for address in addresses:
                before()
                first[address].append(self.cost(address))
                again[address].append(self.cost(address))
                empty.append(self.cost(EMPTY))
        return Costs(_medians(first), _medians(again), _median(empty))


def _read_and_close(response):
    try:
        yield from response
    finally:
        response.close()


def _medians(costs):
    return {address: _median(found) for address, found in costs.items()}


def _median(costs) -> Cost:
    return Cost(median(cost.cpu for cost in costs), median(cost.clock for cost in costs))
