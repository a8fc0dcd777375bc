"""What the API says about itself is true: the schema, its examples, and the documentation page step by step."""

import html
import json
import os
import re
import subprocess
import sys
from collections import Counter

import jsonschema
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given
from hypothesis import settings as bounded
from schemathesis import GenerationMode, checks

from tests import make
from tests.api.asking import program_of
from tests.conftest import signed_in
from tests.matrix.world import cast
from tests.reading import page, text
from tests.small_world import small_world
from tracker.api import records
from tracker.api.schema import records as kinds_of_record
from tracker.api.schema import schema

# Who asks at random: everybody who gets an answer.
ROLES = ["leader", "verifier", "operator", "stranger", "both", "secretary", "installer", "homeless"]
# Not that all well-formed questions are answered: which OPDs and kecamatan there are is not in the schema. Nor that
# all others are refused: an empty filter is none, as on pages. What is refused is tried in test_tables.py.
CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.unsupported_method,
    checks.ignored_auth,
    checks.response_headers_conformance,
]


BOUNDED = bounded(
    max_examples=4, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)


class TestSchema:
    def test_it_is_openapi_3_1(self, db, viewer):
        document = program_of(viewer).get("/api/v1/schema/").json()
        assert document["openapi"] == "3.1.0"
        assert set(document["components"]["securitySchemes"]) == {"token", "sesi"}

    def test_everything_is_described_with_an_example_that_fits(self):
        document = schema()
        for name, component in document["components"]["schemas"].items():
            for field, shape in component["properties"].items():
                assert shape.get("description") or "$ref" in str(shape), (name, field)
        for path, operations in document["paths"].items():
            for parameter in operations["get"]["parameters"]:
                shape = parameter["schema"]
                assert parameter["description"] and shape["examples"], (path, parameter["name"])
                jsonschema.validate(shape["examples"][0], shape)

    @pytest.mark.parametrize("name", sorted({*schema()["components"]["schemas"]} - {"Error"}))
    def test_the_example_of_an_answer_fits_its_description(self, name):
        document = schema()
        shape = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
        jsonschema.validate(kinds_of_record()[name].example(), shape)

    def test_the_names_of_fields_stay(self):
        """Other programs rely on them: names may be added, none goes."""
        assert list(records.ProgressRecord().fields)[:12] == [
            "region", "fiscal_year", "quarter", "key", "name", "programs", "activities", "budget", "realised",
            "absorption", "physical", "physical_high",
        ]  # fmt: skip


@pytest.fixture
def people(world):
    return cast(world.dinsos, world.dinkes)


@pytest.fixture
def open_connection():
    """A server begins and ends each request with a look at its connections, which would end the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.usefixtures("open_connection")
def test_whatever_is_asked_is_answered_as_the_schema_says(people, world, settings, who):
    """Random questions as every role, with a token, through the whole stack; bounded and the same every time."""
    settings.ALLOWED_HOSTS = ["localhost"]
    make.report(world.houses, 3, status="draft", follow_up_due="2025-12-31")
    make.indicator()
    _, key = make.token(people[who])
    api = schemathesis.openapi.from_dict(schema())
    api.app = get_wsgi_application()
    operations = [found.ok() for found in api.get_all_operations()]
    answers = Counter()

    def ask(case):
        answer = case.call_and_validate(headers={"Authorization": f"Token {key}"}, checks=CHECKS)
        answers[answer.status_code] += 1

    for operation in operations:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            BOUNDED(given(case=operation.as_strategy(generation_mode=mode))(ask))()
    assert len(operations) == 19
    assert answers[200] > len(operations)


def code_on(response, name) -> str:
    """A block of the page as one copies it."""
    block = re.search(rf'<pre id="{name}"[^>]*>(.*?)</pre>', response.content.decode(), re.DOTALL)[1]
    return html.unescape(block)


def run(command, folder) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, env=os.environ)
    assert done.returncode == 0, done.stderr
    return done.stdout


class TestDocumentation:
    @pytest.fixture
    def steps(self, transactional_db, live_server, tmp_path):
        """The page as somebody reads it, and a way to run what it shows."""
        small_world()
        viewer = make.user("pembaca")
        _, key = make.token(viewer)
        answer = signed_in(viewer).get("/api/v1/docs/", HTTP_HOST=live_server.url.removeprefix("http://"))

        def step(name):
            shown = code_on(answer, name).replace("TOKEN", key)
            command = ["sh", "-c", shown] if name.startswith("curl") else [sys.executable, "-c", shown]
            return run(command, tmp_path)

        step.folder = tmp_path
        return step

    def test_from_nothing_to_the_first_table(self, steps):
        assert json.loads(steps("curl"))["total"]["budget"] == 1_500_000_000
        steps("curl-csv")
        assert (steps.folder / "strategi.csv").read_bytes().startswith(b"region,fiscal_year,quarter,key,name,")
        rows = [line.split("; ") for line in steps("python").splitlines()]
        assert rows[0][:3] == ["1", "Mengurangi beban pengeluaran", "400000000"]
        assert rows[-1][:2] == ["", "Jumlah"]
        assert steps("pages") == "6 sub kegiatan\n"

    def test_in_a_notebook(self, steps):
        pytest.importorskip("pandas")
        assert "Mengurangi beban pengeluaran" in steps("pandas")

    def test_it_names_every_table_and_field(self, as_viewer):
        answer = as_viewer.get("/api/v1/docs/")
        shown = text(answer)
        assert page(answer)
        missing = [path for path in schema()["paths"] if "{" not in path and path not in shown]
        missing += [name for name in records.ActivityRecord().fields if name not in shown]
        missing += [
            f"explanation.{name}" for name in records.Explanation().fields if f"explanation.{name}" not in shown
        ]
        assert missing == []
        assert "<script" not in answer.content.decode() and "style=" not in answer.content.decode()
