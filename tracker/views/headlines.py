"""Figures said as sentences that can be read aloud and minuted."""

from tracker import formats
from tracker.models import Period
from tracker.progress.figures import Figures, Status
from tracker.progress.reporting import QuarterReporting


def points(deviation) -> str:
    """ "12,2 persen poin di bawah rencana"."""
    shown = formats.rounded(abs(deviation), 1)
    if not shown:
        return "tepat pada rencana"
    return f"{formats.number(shown, 1)} persen poin di {'bawah' if deviation < 0 else 'atas'} rencana"


def standing(figures: Figures, selection) -> str:
    """Where a group stands: "Fisik 62,2 %, 12,2 persen poin di bawah rencana"."""
    quarter = formats.quarter(selection.quarter)
    if not figures.activities:
        return f"Belum ada sub kegiatan yang ditagih s.d. {quarter} {selection.year}"
    if figures.physical is None:
        if figures.realised is not None:
            return "Fisik tidak dapat dihitung karena indikatornya belum terukur"
        if not selection.has_begun:
            return f"{quarter} {selection.year} belum mulai"
        if not selection.has_ended:
            return f"{quarter} {selection.year} masih berjalan dan belum ada laporan"
        return (
            f"Belum ada laporan {'terverifikasi ' if selection.verified_only else ''}s.d. {quarter} {selection.year}"
        )
    if not selection.has_ended:
        return f"{quarter} {selection.year} belum berakhir, fisik sementara {formats.percent(figures.physical)}"
    return f"Fisik {formats.percent(figures.physical)}, {points(figures.deviation)}"


def overview(total: Figures, counts: dict[Status, int], selection) -> str:
    """The message of the first page, with the number of late programs."""
    sentence = standing(total, selection)
    if total.physical is None or not selection.has_ended:
        return f"{sentence}."
    late = counts[Status.LATE]
    return f"{sentence}; {f'{late} program terlambat' if late else 'tidak ada program terlambat'}."


def consequence(total: Figures, previous: Figures | None, selection) -> str:
    """What it takes to reach the year's target, from the pace of the last quarter."""
    if total.physical is None or not selection.has_ended:
        return ""
    remaining = 100 - total.physical
    quarters_left = 4 - selection.quarter
    if not quarters_left:
        return f"Sampai akhir tahun {formats.percent(remaining)} dari target tidak tercapai." if remaining > 0 else ""
    pace = total.physical - previous.physical if previous and previous.physical is not None else None
    need = remaining / quarters_left
    if pace is None or pace <= 0:
        return (
            f"Agar target setahun tercapai, fisik perlu naik rata-rata {formats.number(need, 1)} persen poin "
            "setiap triwulan yang tersisa."
        )
    return (
        f"Agar target tercapai pada 31 Desember, laju per triwulan perlu {formats.number(need / pace, 1)} kali "
        f"laju {formats.quarter(selection.quarter)}."
    )


def ranking(counts: dict[Status, int], total: int, what: str, selection) -> str:
    """ "24 dari 40 OPD sesuai rencana; 5 terlambat, 2 belum lapor."."""
    if not total:
        return f"Belum ada {what} yang mempunyai sub kegiatan pada tahun {selection.year}."
    if not selection.has_ended:
        quarter = f"{formats.quarter(selection.quarter)} {selection.year}"
        return (
            f"{quarter} belum berakhir; {total - counts[Status.NOT_REPORTED]} dari {total} {what} sudah mulai lapor."
        )
    words = [(counts[Status.LATE], "terlambat"), (counts[Status.ATTENTION], "perlu perhatian")]
    words.append((counts[Status.NOT_REPORTED], selection.missing_words))
    rest = ", ".join(f"{count} {word}" for count, word in words if count)
    return f"{counts[Status.ON_TRACK]} dari {total} {what} sesuai rencana{f'; {rest}' if rest else ''}."


def comparison(groups, what: str, selection) -> str:
    """Which of the few members of an axis lag, by their short names."""
    behind = [group.name for group in groups if group.figures.status in (Status.LATE, Status.ATTENTION)]
    rated = [group for group in groups if group.figures.physical is not None]
    if not rated:
        return f"Belum ada laporan menurut {what} s.d. {formats.quarter(selection.quarter)} {selection.year}."
    if not selection.has_ended:
        return f"{formats.quarter(selection.quarter)} {selection.year} belum berakhir; belum ada {what} yang dinilai."
    if not behind:
        return f"Semua {what} yang sudah lapor sesuai rencana."
    return f"{len(behind)} dari {len(rated)} {what} di bawah rencana: {formats.listed(behind)}."


def of_member(name: str, figures: Figures, selection) -> str:
    """A name and how it stands: "Mengurangi beban pengeluaran masyarakat: fisik 78,0 %, 1,1 persen poin …"."""
    sentence = standing(figures, selection)
    if not sentence.startswith("TW"):
        sentence = sentence[:1].lower() + sentence[1:]
    return f"{name}: {sentence}."


def register(figures: Figures, others: int, selection) -> str:
    """How many sub kegiatan there are, and their money."""
    if not figures.activities:
        return f"Belum ada sub kegiatan {'yang ditagih ' if others else ''}pada {selection.year} dengan pilihan ini."
    return (
        f"{formats.number(figures.activities)} sub kegiatan dalam {formats.number(figures.programs)} program, "
        f"pagu {formats.rupiah(figures.budget)}."
    )


def reporting(figures: Figures, selection) -> str:
    """How many have reported, and what share of the money they stand for."""
    quarter = f"{formats.quarter(selection.quarter)} {selection.year}"
    if not figures.activities:
        return f"Belum ada sub kegiatan yang ditagih pada {quarter}."
    verb = "terverifikasi" if selection.verified_only else "sudah lapor"
    return (
        f"{formats.number(figures.reported)} dari {formats.number(figures.activities)} sub kegiatan {verb} {quarter}, "
        f"mewakili {formats.percent(figures.represented)} pagu."
    )


def completeness(found: QuarterReporting, selection) -> str:
    """How many OPDs have reported everything: "12 dari 28 OPD sudah lapor lengkap TW III 2026; …"."""
    figures = found.total.figures
    if not found.opds:
        return reporting(figures, selection)
    quarter = f"{formats.quarter(selection.quarter)} {selection.year}"
    reported = f"{formats.number(figures.reported)} dari {formats.number(figures.activities)} sub kegiatan"
    represented = f"mewakili {formats.percent(figures.represented)} pagu"
    if not selection.has_ended:
        running = "belum berakhir" if selection.has_begun else "belum mulai"
        return f"{quarter} {running}; {reported} sudah lapor, {represented}."
    verb = "terverifikasi" if selection.verified_only else "sudah lapor"
    return f"{len(found.complete)} dari {len(found.opds)} OPD {verb} lengkap {quarter}; {reported}, {represented}."


def deadline(period: Period | None, selection) -> str:
    """The due date of the quarter and what its state means: "Tenggat laporan 10 Oktober 2026: lewat 43 hari."."""
    if period is None:
        return f"{formats.quarter(selection.quarter)} {selection.year} belum dibuka, jadi laporan belum dapat diisi."
    state = {
        Period.State.NOT_OPEN: f"belum dibuka, dapat diisi mulai {formats.date(period.opens_on)}",
        Period.State.OPEN: f"dibuka, {formats.days_to(period.due_on, selection.today)}",
        Period.State.OVERDUE: formats.days_to(period.due_on, selection.today),
        Period.State.LOCKED: "dikunci",
    }[period.state(selection.today)]
    return f"Tenggat laporan {formats.date(period.due_on)}: {state}."
