"""The steps of a year, for the Sekretariat: opened, filled with programs and sub kegiatan, reported, looked at."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef
from django.urls import reverse

from tracker import formats
from tracker.models import Activity, Period, Program
from tracker.workplace.conditions import UNMAPPED
from tracker.workplace.lists import list_of
from tracker.workplace.quarter import ReportedQuarter


@dataclass(frozen=True)
class Step:
    action: str
    url: str
    state: str
    is_done: bool


def next_steps(asked: ReportedQuarter) -> list[Step]:
    """The steps of this year, the reports of the latest quarter that is over, and the pages to look at."""
    year = asked.today.year
    periods = Period.objects.of_year(year).count()
    activities = Activity.objects.filter(program=OuterRef("pk"))
    programs = Program.objects.of_year(year).aggregate(
        all=Count("pk"), unmapped=Count("pk", filter=UNMAPPED), empty=Count("pk", filter=~Exists(activities))
    )
    return [
        Step(
            f"Buka tahun anggaran {year}",
            reverse("admin:tracker_period_changelist"),
            f"{periods} dari 4 triwulan sudah ada." if periods else "Belum ada triwulan; laporan belum dapat diisi.",
            periods == 4,
        ),
        Step(
            f"Isi program {year}",
            list_of("program", "belum_dipetakan=ya" if programs["unmapped"] else f"fiscal_year={year}"),
            _sentence(programs["all"], "program", f"{formats.number(programs['unmapped'])} belum dipetakan"),
            programs["all"] > 0 and not programs["unmapped"],
        ),
        Step(
            "Isi sub kegiatan setiap program",
            list_of("program", "kosong=ya" if programs["empty"] else f"fiscal_year={year}"),
            _sentence(programs["all"], "program", f"{formats.number(programs['empty'])} belum mempunyai sub kegiatan"),
            programs["all"] > 0 and not programs["empty"],
        ),
        Step(
            f"Isi realisasi {asked}",
            asked.missing.url,
            _sentence(asked.due, "sub kegiatan ditagih", f"{formats.number(asked.missing.count)} belum ada laporan"),
            asked.due > 0 and not asked.missing.count,
        ),
        Step("Lihat hasilnya di halaman", "/", "Berkas CSV untuk rapat diunduh dari halaman itu.", False),
    ]


def _sentence(count, what, rest):
    return f"{formats.number(count)} {what}, {rest}." if count else f"Belum ada {what}."
