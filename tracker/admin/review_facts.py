"""What a person looks at before he verifies a report or returns it: its figures beside the last ones, and its past."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass

from tracker import formats, timeline, values
from tracker.admin.facts import QuarterFacts
from tracker.models import Report

JUDGED = (Report.Status.VERIFIED, Report.Status.RETURNED)
NOT_ENTERED = {field.name for field in Report._meta.fields} - set(Report.ENTERED)
MOST_RETURNS = 3


@dataclass(frozen=True)
class FigureLine:
    """A figure of the report beside the one before it, in words, with their shares and the difference."""

    name: str
    measure: str
    before: str
    before_share: str
    now: str
    now_share: str
    change: str

    @classmethod
    def of(cls, name, before, now, *, show: Callable, measure="", share: Callable | None = None, show_change=None):
        shown = [formats.DASH if value is None else show(value) for value in (before, now)]
        shares = [formats.percent(share(value)) if share and value is not None else "" for value in (before, now)]
        change = difference(before, now, show_change or show)
        return cls(name, measure, shown[0], shares[0], shown[1], shares[1], change)


def difference(before, now, show) -> str:
    if before is None or now is None:
        return ""
    if before == now:
        return "tetap"
    return f"{'+' if now > before else formats.MINUS}{show(abs(now - before))}"


def lines_of(report: Report, facts: QuarterFacts) -> list[FigureLine]:
    """The figures that were entered; and fisik, which follows from them once the report counts."""
    before = previous_of(report, facts)

    def quantity(value):
        return f"{formats.number(value)} {report.activity.unit}"

    def line(name, show, **options):
        label = Report._meta.get_field(name).verbose_name
        return FigureLine.of(label, before and getattr(before, name), getattr(report, name), show=show, **options)

    of_budget, of_target = f"dari pagu {formats.full_rupiah(facts.budget)}", f"dari target {quantity(facts.target)}"
    return [
        line("realised_budget", formats.full_rupiah, measure=of_budget, share=facts.absorption),
        line("realised_output", quantity, measure=of_target, share=facts.achievement),
        physical_of(facts),
        *(
            line(name, formats.number)
            for name in ("beneficiaries", "local_workers")
            if any(each and getattr(each, name) is not None for each in (before, report))
        ),
    ]


def previous_of(report, facts) -> Report | None:
    """The report that the position before this quarter comes from."""
    if facts.previous is None:
        return None
    return Report.objects.filter(activity=report.activity, period__quarter=facts.previous.quarter).first()


def physical_of(facts: QuarterFacts) -> FigureLine:
    now, measure = None, f"rencana {formats.percent(facts.plan)}"
    if facts.row.has_report:
        now = facts.row.physical
        if (deviation := facts.row.figures.deviation) is not None:
            measure += f", deviasi {formats.signed(deviation)}"
    return FigureLine.of(
        "fisik",
        facts.before.physical if facts.before else None,
        now,
        measure=measure,
        show=formats.percent,
        show_change=lambda points: f"{formats.number(points, 1)} poin",
    )


# Its past: the entries of its history, the newest first


def entries_of(report) -> list:
    return list(report.history.select_related("obstacle_category").order_by("-history_date", "-history_id"))


def reason_of(entries):
    """The entry with the newest reason that was given since the report was last judged."""
    since = itertools.takewhile(lambda entry: entry.status not in JUDGED, entries)
    return next((entry for entry in since if entry.history_change_reason), None)


def returns_of(entries) -> list:
    """The entries by which the report was returned."""
    steps = itertools.zip_longest(entries, entries[1:])
    returned = Report.Status.RETURNED
    found = [entry for entry, older in steps if entry.status == returned and not (older and older.status == returned)]
    return found[:MOST_RETURNS]


@dataclass(frozen=True)
class Comparison:
    """What was entered since the report was judged, in these ways and at these moments."""

    judged: list[str]
    changes: tuple[timeline.Change, ...]


def comparisons_of(entries) -> list[Comparison]:
    """Since it was last verified; and since it was last returned, where that is later."""
    found = []
    if not entries or entries[0].status in JUDGED:
        return found
    for older in entries[1:]:
        is_verified = older.status == Report.Status.VERIFIED
        if is_verified or (older.status == Report.Status.RETURNED and not found):
            judged = f"{older.get_status_display().lower()} {values.moment(older.history_date)}"
            changes = timeline.changes(older, entries[0], leave_out=NOT_ENTERED)
            if found and found[0].changes == changes:
                found[0].judged.append(judged)
            else:
                found.append(Comparison([judged], changes))
        if is_verified:
            break
    return found
