"""The facts that are measured: sample years of 600 sub kegiatan, and one year grown far beyond them."""

import io

from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from tracker.models import Activity, Location, Program, Report
from tracker.sample import year as sample
from tracker.sample.accounts import ensure_accounts

ACTIVITIES = 600
NEWEST = sample.last_ended_year(timezone.localdate())  # the year that pages show by themselves
WIDE = NEWEST - 1  # the year that grows; all its quarters have ended
FAR = 10**7  # from a key to that of its next copy


def load(years):
    """The newest `years` sample years; those that are there already stay as they are."""
    call_command("migrate", verbosity=0)
    call_command("load_reference", stdout=io.StringIO())
    users, _ = ensure_accounts()
    for year in range(NEWEST, NEWEST - years, -1):
        if not Program.objects.of_year(year).exists():
            sample.load(year, users=users, how_many=ACTIVITIES)
    _update_statistics()


def size() -> str:
    years = Program.objects.order_by().values("fiscal_year").distinct().count()
    return f"{Activity.objects.count():,} sub kegiatan in {years} {'year' if years == 1 else 'years'}"


def largest_program():
    return Program.objects.of_year(NEWEST).annotate(size=Count("activities")).order_by("-size", "pk").first()


def widen(copies) -> int:
    """Copy every sub kegiatan of a year with its places and reports; return how many there are then."""
    activities = Activity.objects.of_year(WIDE)
    pks = list(activities.values_list("pk", flat=True))
    moved = f"{{}} + n * {FAR}"
    _copy(Activity, "id", pks, copies, id=moved, ref="{} || '-' || n")
    _copy(Location, "activity_id", pks, copies, id=moved, activity_id=moved)
    _copy(Report, "activity_id", pks, copies, id=moved, activity_id=moved)
    _update_statistics()
    return activities.count()


def _copy(model, key, pks, copies, **changes):
    """Copies 1 to n of the rows whose `key` is in `pks`, made inside the database; columns as in `changes`."""
    table, columns = model._meta.db_table, [field.column for field in model._meta.concrete_fields]
    values = [changes.get(column, "{}").format(column) for column in columns]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {copies})
            INSERT INTO {table} ({", ".join(columns)})
            SELECT {", ".join(values)} FROM {table}, numbers WHERE {key} IN ({", ".join(map(str, pks))})
            """
        )


def _update_statistics():
    """What PostgreSQL does by itself after a minute, which is longer than this run waits."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
