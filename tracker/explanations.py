"""Why a figure is what it is, in sentences: the formula with this row's numbers, what was counted and what was not."""

from fractions import Fraction

from tracker import formats
from tracker.progress.figures import Figures, Status
from tracker.progress.groups import GroupRow
from tracker.selection import Selection

# As in files: who compares finds the same digits.
PLACES = 2


def explanation(selection: Selection, group: GroupRow) -> dict[str, str | None]:
    """The sentences by the name of the figure they explain; None where there is no such figure."""
    figures = group.figures
    return {
        "absorption": absorption(figures),
        "physical": physical(figures),
        "interval": interval(figures, selection),
        "plan": plan(figures),
        "deviation": deviation(figures),
        "status": status(figures, selection),
        "represented": represented(group),
        "counted": counted(figures, selection),
        "not_counted": not_counted(figures, selection),
        "as_of": as_of(selection),
    }


def _number(value) -> str:
    return formats.number(value, PLACES)


def _percent(value) -> str:
    return formats.percent(value, PLACES)


def _share(part, whole, result) -> str:
    return f"{formats.full_rupiah(part)} ÷ {formats.full_rupiah(whole)} × 100 = {_percent(result)}"


def _weighted(percentage, budget) -> str:
    """A mean weighted by pagu, as the money that it stands for over all money."""
    return _share(int(formats.rounded(Fraction(percentage) * budget / 100, 0)), budget, percentage)


def absorption(figures: Figures) -> str | None:
    if figures.absorption is None:
        return None
    return f"Serapan = realisasi ÷ pagu × 100 = {_share(figures.realised, figures.budget, figures.absorption)}."


def physical(figures: Figures) -> str | None:
    if figures.physical is None:
        return None
    return (
        "Fisik = jumlah (pagu × fisik tiap sub kegiatan, ditahan antara 0 dan 100 %) ÷ pagu yang terukur = "
        f"{_weighted(figures.physical, figures.measured_budget)}."
    )


def interval(figures: Figures, selection) -> str | None:
    if figures.physical is None:
        return None
    low, high = _percent(figures.physical), _percent(figures.physical_high)
    if not figures.missing:
        return f"Rentang: {low}, karena semua sub kegiatan sudah lapor."
    return (
        f"Rentang: {low} sampai {high}. Yang tertinggi berlaku bila {formats.number(figures.missing)} sub kegiatan "
        f"yang {selection.missing_words} berada pada nilai yang lebih besar antara posisi terakhir dan rencananya."
    )


def plan(figures: Figures) -> str | None:
    if figures.plan is None:
        return None
    return (
        "Rencana = jumlah (pagu × rencana tiap sub kegiatan) ÷ pagu yang terukur = "
        f"{_weighted(figures.plan, figures.measured_budget)}."
    )


def deviation(figures: Figures) -> str | None:
    if figures.deviation is None:
        return None
    return (
        f"Deviasi = fisik − rencana = {_number(figures.physical)} − {_number(figures.plan)} = "
        f"{formats.signed(figures.deviation, PLACES)} persen poin."
    )


def status(figures: Figures, selection) -> str | None:
    label = selection.status_label(figures.status)
    if not label:
        return None
    if selection.shown_status(figures.status) is not figures.status:
        return f"{label}: selama triwulan berjalan, tertinggal dari rencana akhir triwulan belum dinilai."
    if figures.status is Status.NOT_REPORTED:
        return f"{label}: belum ada laporan yang dihitung untuk {formats.quarter(selection.quarter)} {selection.year}."
    if figures.status is Status.NOT_RATED:
        return f"{label}: pagunya 0, atau indikatornya tidak dapat diukur."
    if figures.ratio is None:
        return f"{label}: rencananya 0 %."
    ratio = f"{label}: rasio fisik ÷ rencana × 100 = {_number(figures.ratio)} menurut batas predikat"
    judged = "terhadap target setahun" if selection.quarter == 4 else "menurut rasio itu"
    return f"{ratio}; predikat {judged}: {figures.rating}." if figures.rating else f"{ratio}."


def represented(group: GroupRow) -> str | None:
    figures = group.figures
    if figures.represented is None:
        return None
    reported = sum(row.budget for row in group.rows if row.has_report)
    return f"Mewakili = pagu yang sudah lapor ÷ pagu × 100 = {_share(reported, figures.budget, figures.represented)}."


def counted(figures: Figures, selection) -> str:
    reports = "yang diverifikasi" if selection.verified_only else "yang diajukan atau diverifikasi"
    quarter = f"{formats.quarter(selection.quarter)} {selection.year}"
    return (
        f"Dihitung: {formats.number(figures.activities)} sub kegiatan yang ditagih dalam "
        f"{formats.number(figures.programs)} program, dengan laporan terakhir {reports} s.d. {quarter}; "
        f"{formats.number(figures.reported)} di antaranya lapor tepat {quarter}."
    )


def not_counted(figures: Figures, selection) -> str:
    reports = "laporan yang belum diverifikasi" if selection.verified_only else "draf dan laporan yang dikembalikan"
    left_out = [f"{reports}; sub kegiatan yang belum mulai atau dihentikan"]
    if figures.missing:
        left_out.append(
            f"{formats.number(figures.missing)} sub kegiatan {selection.missing_words}, yang memakai posisi "
            "terakhirnya atau 0 bila belum pernah lapor"
        )
    if figures.undefined:
        left_out.append(
            f"{formats.number(figures.undefined)} sub kegiatan yang indikatornya tidak terukur, "
            "dalam fisik dan rencana"
        )
    return f"Tidak dihitung: {'; '.join(left_out)}."


def as_of(selection) -> str:
    ended = "" if selection.has_ended else f", dan {formats.quarter(selection.quarter)} belum berakhir"
    until, today = formats.date(selection.ends_on), formats.date(selection.today)
    return f"Data s.d. {until} menurut isi basis data pada {today}{ended}."
