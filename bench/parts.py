"""python -m bench.parts DATABASE PART [--quick]: one part of the run, on the database of the settings."""

import sys
from dataclasses import dataclass

import django

django.setup()

from bench import admin, api, data, files, imports, pages, server, table, writers  # noqa: E402  (models need Django set up)


@dataclass(frozen=True)
class Effort:
    rounds: int
    years: int  # of 600 sub kegiatan each, at scale M
    copies: int  # of each sub kegiatan of one year, for the large files
    saves: int  # of each writer on a report of its own


FULL = Effort(rounds=7, years=20, copies=30, saves=4)
QUICK = Effort(rounds=3, years=3, copies=9, saves=1)


def small(effort):
    data.load(years=1)
    yield from _site("S", effort)


def large(effort):
    data.load(years=effort.years)
    yield from _site("M", effort)
    yield "16 writers at once", writers.lines(effort.saves)


def large_files(effort):
    rows = data.widen(effort.copies)
    yield f"files of one year of {rows:,} sub kegiatan", files.lines(rows)


def sheets(effort):
    data.load(years=2)
    rows = data.widen(imports.ROWS // data.ACTIVITIES)
    yield f"a file of {imports.ROWS:,} of {rows:,} sub kegiatan", imports.lines()


def _site(scale, effort):
    site = server.Site()
    title = f"{scale}: {data.size()}"
    yield f"{title}, pages (CPU / clock)", pages.lines(site, effort.rounds)
    yield f"{title}, admin (CPU / clock)", admin.lines(site, effort.rounds)
    yield f"{title}, API (CPU / clock)", api.lines(site, effort.rounds)


PARTS = {"small": small, "large": large, "files": large_files, "sheets": sheets}


def main(database, part, *options):
    for title, lines in PARTS[part](QUICK if "--quick" in options else FULL):
        table.show(f"{database}, {title}", lines)


if __name__ == "__main__":
    main(*sys.argv[1:])
