"""What the start page says to do next: five steps with their live state."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from tracker import formats
from tracker.admin.lists import UNMAPPED, due_without_report, latest_ended_quarter
from tracker.models import Activity, Period, Program


@dataclass(frozen=True)
class Step:
    action: str
    url: str
    state: str
    is_done: bool


def next_steps() -> list[Step]:
    """The steps of this year, the reports of the latest quarter that is over, and the pages to look at."""
    today = timezone.localdate()
    year, (report_year, quarter) = today.year, latest_ended_quarter(today)
    periods = Period.objects.of_year(year).count()
    activities = Activity.objects.filter(program=OuterRef("pk"))
    programs = Program.objects.of_year(year).aggregate(
        all=Count("pk"), unmapped=Count("pk", filter=UNMAPPED), empty=Count("pk", filter=~Exists(activities))
    )
    missing = due_without_report(report_year, quarter)
    due = Activity.objects.of_year(report_year).aggregate(
        all=Count("pk", filter=Q(starts_quarter__lte=quarter) & ~Q(revised_budget=0)),
        missing=Count("pk", filter=missing),
    )
    of_quarter = f"{formats.quarter(quarter)} {report_year}"
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
            f"Isi realisasi {of_quarter}",
            list_of("activity", f"tanpa_laporan={report_year}-{quarter}"),
            _sentence(due["all"], "sub kegiatan ditagih", f"{formats.number(due['missing'])} belum ada laporan"),
            due["all"] > 0 and not due["missing"],
        ),
        Step("Lihat hasilnya di halaman", "/", "Berkas CSV untuk rapat diunduh dari halaman itu.", False),
    ]


def list_of(model, query):
    return f"{reverse(f'admin:tracker_{model}_changelist')}?{query}"


def _sentence(count, what, rest):
    return f"{formats.number(count)} {what}, {rest}." if count else f"Belum ada {what}."
