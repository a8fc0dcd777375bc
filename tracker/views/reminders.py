"""Plain texts to send to the people of an OPD: what is still to be reported, until when, and where."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from tracker import formats
from tracker.models import Period, Report
from tracker.progress.reporting import QuarterReporting, Reporting
from tracker.selection import Selection
from tracker.workplace import list_of


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes about one quarter; `absolute` makes a full address of a path."""

    selection: Selection
    found: QuarterReporting
    absolute: Callable[[str], str]

    def to_one(self, each: Reporting, *, most_names: int) -> str:
        """For one OPD, with the sub kegiatan that are missing. Of returned reports it says no more than how many."""
        period, facts = self.found.period, each.group.rows[0].facts
        names = [f"- {row.facts.ref} {row.facts.name}" for row in each.missing]
        rest = len(names) - most_names
        is_locked = period.state(self.selection.today) == Period.State.LOCKED
        return _lines(
            f"Yth. {facts.opd_name}",
            f"Laporan {self._period_and_due_date()}",
            self._scope(),
            f"Belum lapor {len(names)} dari {each.figures.activities} sub kegiatan:",
            *names[:most_names],
            f"dan {rest} lainnya" if rest > 0 else "",
            f"{period} sudah dikunci; untuk mengisi, hubungi Sekretariat TKPK." if is_locked else "",
            "" if is_locked else f"Berkas isian Excel: {self._kit(facts.opd_id)}",
            f"{'Daftarnya' if is_locked else 'Mohon diisi di'}: {self._work_list(facts.opd_id)}",
            f"Dikembalikan untuk diperbaiki {each.returned}: {self._returned_list()}" if each.returned else "",
        )

    def to_all(self) -> str:
        """For a group in which all OPDs are: who misses how many."""
        found = self.found
        return _lines(
            f"Laporan {self._period_and_due_date()}",
            self._scope(),
            f"Sudah lengkap {len(found.complete)} dari {len(found.opds)} OPD. Sub kegiatan yang belum lapor:",
            *(
                f"{number}. {each.group.key}: {each.figures.missing} dari {each.figures.activities}"
                for number, each in enumerate(found.incomplete, start=1)
            ),
            f"Rincian: {self.absolute(reverse('reporting') + self.selection.query())}",
        )

    def _period_and_due_date(self):
        period = self.found.period
        left = formats.days_to(period.due_on, self.selection.today)
        return f"{period}, tenggat {formats.date(period.due_on)}, {left}."

    def _scope(self):
        """What the numbers leave out, so that nobody takes a part for the whole."""
        narrowing = self.selection.narrowing.keys() - {"opd"}
        narrowed = [f"{chip['label']} {chip['value']}" for chip in self.selection.chips if chip["name"] in narrowing]
        return f"Hanya {', '.join(narrowed)}." if narrowed else ""

    def _work_list(self, opd_id):
        quarter = f"{self.selection.year}-{self.selection.quarter}"
        return self.absolute(list_of("activity", f"tanpa_laporan={quarter}&program__opd__id__exact={opd_id}"))

    def _kit(self, opd_id):
        return self.absolute(reverse("reports") + self.selection.query(opd=opd_id, format="kit"))

    def _returned_list(self):
        """An address that opens only what the reader may see: returned reports of other OPDs are not in it."""
        return self.absolute(list_of("report", f"status__exact={Report.Status.RETURNED}"))


def _lines(*lines):
    return "\n".join(filter(None, lines))
