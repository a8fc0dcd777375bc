"""Files beside what else could write them: the database's own tool, django-import-export, openpyxl.

The tool of SQLite is compared by CPU; that of PostgreSQL by the clock, because most of its work is done by the server.
"""

import io
import itertools
import multiprocessing
import os
import resource
import shutil
import subprocess
import sys
from dataclasses import replace
from operator import itemgetter
from statistics import median

import openpyxl
from django.db import connection, connections
from django.db.models import Aggregate, CharField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, Concat
from django.urls import reverse
from import_export.fields import Field
from import_export.resources import ModelResource

from bench import data
from bench.server import Site, Stopwatch
from bench.table import Line
from tracker import exports, tables
from tracker.models import Activity, Location, Program

IMPORT_EXPORT_ROWS = 3_000
XLSX_ROWS = 2_000
CSV_GOAL = {"sqlite": 0.3, "postgresql": 0.5}  # of the database's own tool
RSS_UNIT = 1 if sys.platform == "darwin" else 1024

# What "program" prints of a sub kegiatan, apart from its keys, places and partners.
FIELDS = tables.PROGRAM_PATHS[2:]


def lines(rows):
    site = Site()
    yield from csv_lines(site, reverse("reports"), rows)
    yield from csv_lines(site, reverse("programs"), rows, compared=True)
    yield from xlsx_lines()


def csv_lines(site, page, rows, *, compared=False):
    """The file of a page; `compared` with what others write of the same rows."""
    address = f"{page}?format=csv&tw=4&tahun="
    download(site, f"{address}{data.NEWEST}")
    (first_byte, cost), memory = with_memory(download, site, f"{address}{data.WIDE}")
    yield Line(f"{page} CSV, rows per CPU second", "", rows / cost.cpu, "rows/s")
    yield Line(f"{page} CSV, first byte", "", first_byte, "s", most=0.5)
    yield Line(f"{page} CSV, memory over the idle worker", "", memory, "MB", most=30)
    if not compared:
        return
    tool = connection.client.executable_name
    if shutil.which(tool):
        raw = rows / comparable(tool_cost())
        speed, least = rows / comparable(cost), CSV_GOAL[connection.vendor]
        yield Line(f"{page} CSV beside {tool}", f"{speed:,.0f} of {raw:,.0f} rows/s", speed / raw, "x", least=least)
    speed, other = rows / cost.cpu, import_export_speed()
    yield Line(f"{page} CSV beside django-import-export", f"{speed:,.0f} of {other:,.0f} rows/s", speed / other, "x")


def download(site, address):
    """Seconds until the first byte, and the cost of the whole file, of which nothing is kept."""
    watch = Stopwatch()
    _, chunks = site.start(address)
    next(chunks)
    first_byte = watch.cost().clock
    for _ in chunks:
        pass
    return first_byte, watch.cost()


def comparable(cost) -> float:
    return cost.clock if connection.vendor == "postgresql" else cost.cpu


def with_memory(function, *arguments):
    """The result, and the megabytes that were needed beyond those of a process that waits."""
    connections.close_all()  # a connection cannot be shared between processes
    with multiprocessing.get_context("fork").Pool(1) as pool:
        return pool.apply(_with_growth, (function, *arguments))


def _with_growth(function, *arguments):
    before = _peak_megabytes()
    result = function(*arguments)
    return result, _peak_megabytes() - before


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * RSS_UNIT / 1e6


class Joined(Aggregate):
    """Texts in one cell."""

    function = "GROUP_CONCAT"
    template = "%(function)s(%(expressions)s, ' | ')"
    output_field = CharField()

    def as_postgresql(self, compiler, connection):
        return self.as_sql(compiler, connection, function="STRING_AGG")


def tool_cost():
    """sqlite3 or psql writing the same join as text, without what makes a cell safe or Indonesian."""
    places = Location.objects.filter(activity=OuterRef("pk")).order_by().values("activity")
    place = Concat("district__name", Value("/"), Coalesce("village__name", Value("")))
    partners = Program.objects.filter(pk=OuterRef("program")).order_by().values("pk")
    rows = (
        Activity.objects.of_year(data.WIDE)
        .order_by("program__opd__name", "program__name", "program_id", "ref")
        .annotate(
            places=Subquery(places.annotate(text=Joined(place)).values("text")),
            partner_names=Subquery(partners.annotate(text=Joined("partners__name")).values("text")),
        )
    )
    statement, parameters = rows.values_list(*FIELDS, "places", "partner_names").query.sql_with_params()
    statement %= tuple(each if isinstance(each, int) else f"'{each}'" for each in parameters)
    if connection.vendor == "postgresql":
        options = ["-c", f"\\copy ({statement}) TO STDOUT WITH (FORMAT csv, DELIMITER ';')"]
    else:
        options = ["-csv", "-separator", ";", statement]
    command, variables = connection.client.settings_to_cmd_args_env(connection.settings_dict, options)
    watch = Stopwatch()
    subprocess.run(command, env={**os.environ, **(variables or {})}, stdout=subprocess.DEVNULL, check=True)
    return watch.cost()


class Register(ModelResource):
    """The same columns, as django-import-export writes them."""

    places = Field()
    partners = Field()

    class Meta:
        model = Activity
        fields = (*FIELDS, "places", "partners")

    def dehydrate_places(self, activity):
        return " | ".join(map(str, activity.locations.all()))

    def dehydrate_partners(self, activity):
        return " | ".join(map(str, activity.program.partners.all()))


def import_export_speed() -> float:
    """Rows per CPU second. A part of the rows is enough: it takes the same time for each."""
    watch = Stopwatch()
    rows = tables.programs("program", Activity.objects.of_year(data.WIDE)).rows
    dataset = Register().export(list(itertools.islice(rows, IMPORT_EXPORT_ROWS)))
    dataset.export("csv")
    return len(dataset) / watch.cost().cpu


def xlsx_lines():
    """The table "program" from values at hand, so that nothing but the writing counts."""
    cells = list(tables.programs("program", Activity.objects.of_year(data.NEWEST)).cells())
    rounds = [(ours(cells, XLSX_ROWS).cpu, with_openpyxl(cells, XLSX_ROWS).cpu) for _ in range(3)]
    speed, other = (XLSX_ROWS / median(seconds) for seconds in zip(*rounds, strict=True))
    yield Line("XLSX beside openpyxl", f"{speed:,.0f} of {other:,.0f} rows/s", speed / other, "x", least=1.8)
    few, many = (with_memory(ours, cells, XLSX_ROWS * times)[1] for times in (1, 4))
    yield Line("XLSX, memory for four times the rows", "", max(many - few, 0), "MB more", most=1)


def ours(cells, how_many):
    columns = tuple(replace(each, value=itemgetter(number)) for number, each in enumerate(tables.PROGRAM_COLUMNS))
    table = tables.Table("program", columns, itertools.islice(itertools.cycle(cells), how_many))
    watch = Stopwatch()
    exports.RESPONSES["xlsx"](table, "bench", []).close()
    return watch.cost()


def with_openpyxl(cells, how_many):
    watch = Stopwatch()
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("program")
    for line in itertools.islice(itertools.cycle(cells), how_many):
        sheet.append(line)
    workbook.save(io.BytesIO())
    return watch.cost()
