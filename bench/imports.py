"""A sheet of ten thousand changed rows: read, planned and applied, beside what django-import-export does with it."""

import multiprocessing
import tempfile
from contextlib import contextmanager
from time import perf_counter

import openpyxl
import tablib
from django.db import connection, connections
from django.urls import reverse
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.widgets import ForeignKeyWidget

from bench import data
from bench.files import with_memory
from bench.server import Site, Stopwatch
from bench.table import Line
from bench.writers import write
from tracker import exports, tables
from tracker.imports import applying
from tracker.imports.plan import plan_of
from tracker.imports.receiving import receive
from tracker.models import Activity, FundingSource, Report, User
from tracker.sample.accounts import SECRETARIAT

ROWS = 10_000
COMPARED_ROWS = 500  # a part is enough: django-import-export takes the same time for each
SAVES = 15  # of each of the writers while a file is applied
WRITERS = 4
FIELDS = tables.PROGRAM_PATHS[2:]
OWN_FIELDS = [path for path in FIELDS if "__" not in path]


def lines():
    user = User.objects.get(username=SECRETARIAT.username)
    with changed_file(1) as path:
        memory = with_memory(preview_only, path)[1]
        preview, apply, held = costs(path, user)
        again, _ = watched(lambda: planned(path, user))
    speed, other = ROWS / preview.cpu, import_export_speed(dry_run=True)
    yield Line("preview beside django-import-export", told(speed, other), speed / other, "x", least=10)
    speed, other = ROWS / apply.cpu, import_export_speed(dry_run=False)
    yield Line("apply beside django-import-export", told(speed, other), speed / other, "x", least=10)
    yield Line("same file again, of the first preview", "", again.cpu / preview.cpu, "x", most=0.6)
    yield Line("write lock held", "", held, "s", most=1)
    yield Line("preview, memory over the idle worker", "", memory, "MB")
    with changed_file(2) as path:
        seconds = saves_meanwhile(path, user)
    yield Line("saves while a file is applied, p99", f"{len(seconds)} forms", percentile(seconds, 99), "s", most=3)


def told(speed, other) -> str:
    return f"{speed:,.0f} of {other:,.0f} rows/s"


@contextmanager
def changed_file(step):
    """The sheet "program" of the wide year as XLSX, with `step` rupiah added to every budget."""
    table = tables.programs("program", Activity.objects.of_year(data.WIDE))
    budget, reason = (table.titles.index(title) for title in ("Pagu", "Alasan perubahan"))
    columns = [tables.Column(title, lambda line, n=n: line[n]) for n, title in enumerate(table.titles)]
    rows = []
    for line in table.cells():
        line[budget] += step
        line[reason] = "Pengukuran"
        rows.append(line)
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        exports.write_workbook(file, tables.Table("program", tuple(columns), rows[:ROWS]), [])
        file.flush()
        yield file.name


def watched(work):
    watch = Stopwatch()
    result = work()
    return watch.cost(), result


def preview_only(path):
    assert len(planned(path, User.objects.get(username=SECRETARIAT.username))[1].changed) == ROWS


def costs(path, user):
    """Reading and planning; applying; and the seconds from the first to the last statement of the transaction."""
    preview, (batch, plan) = watched(lambda: planned(path, user))
    assert plan.is_applicable and len(plan.changed) == ROWS, plan.problems[:3]
    with statements() as moments:
        apply, plan = watched(lambda: applying.apply(batch, user))
    return preview, apply, moments[-1] - moments[0]


def planned(path, user):
    batch, proposal = receive(path, "bench.xlsx", user)
    assert not proposal.complaints
    return batch, plan_of(batch, user)


@contextmanager
def statements():
    """The moments at which the statements inside the transaction began and ended."""
    moments = []

    def note(execute, statement, parameters, many, context):
        if not connection.in_atomic_block:
            return execute(statement, parameters, many, context)
        moments.append(perf_counter())
        try:
            return execute(statement, parameters, many, context)
        finally:
            moments.append(perf_counter())

    with connection.execute_wrapper(note):
        yield moments


class Sheet(ModelResource):
    """A sub kegiatan found by its register and judged by its model, as ours is, with the history of its own save."""

    funding_source = Field("funding_source", "funding_source__code", ForeignKeyWidget(FundingSource, "code"))

    class Meta:
        model = Activity
        fields = [*OWN_FIELDS, "funding_source"]
        import_id_fields = ["ref"]
        clean_model_instances = True

    def before_import_row(self, row, **options):
        """Texts are never null here, and an empty cell of a workbook is."""
        row.update({name: "" for name, value in row.items() if value is None})


def import_export_speed(*, dry_run) -> float:
    """Rows per CPU second, the file read included."""
    names = [*OWN_FIELDS, "funding_source__code"]
    lines = Activity.objects.of_year(data.WIDE).order_by("ref").values_list(*names)[:COMPARED_ROWS]
    budget = names.index("budget")
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet()
        sheet.append(names)
        for line in lines:
            sheet.append([value + 7 if n == budget else value for n, value in enumerate(line)])
        book.save(file)
        file.flush()
        watch = Stopwatch()
        with open(file.name, "rb") as sent:
            dataset = tablib.Dataset().load(sent.read(), "xlsx")
        result = Sheet().import_data(dataset, dry_run=dry_run, raise_errors=True)
    assert result.totals["update"] == COMPARED_ROWS
    return COMPARED_ROWS / watch.cost().cpu


def saves_meanwhile(path, user) -> list[float]:
    """Seconds of each form saved by four people while the file is applied."""
    batch, _ = receive(path, "bench.xlsx", user)
    site = Site()
    found = Report.objects.of_year(data.NEWEST).counted().filter(period__locked_at=None)[:WRITERS]
    forms = [reverse("admin:tracker_report_change", args=[report.pk]) for report in found]
    connections.close_all()  # a connection cannot be shared between processes
    with multiprocessing.get_context("fork").Pool(WRITERS + 1) as pool:
        applied = pool.apply_async(apply_in_process, (batch.pk,))
        outcomes = pool.starmap(write, [(site, [form] * SAVES) for form in forms], chunksize=1)
        applied.get()
    assert not sum(outcome.errors for outcome in outcomes)
    return sorted(second for outcome in outcomes for second in outcome.seconds)


def apply_in_process(pk):
    user = User.objects.get(username=SECRETARIAT.username)
    assert applying.apply(user=user, batch=applying.ImportBatch.objects.get(pk=pk)).is_applicable


def percentile(seconds, percent) -> float:
    return seconds[min(len(seconds) * percent // 100, len(seconds) - 1)]
