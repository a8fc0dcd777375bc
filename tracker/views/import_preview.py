"""What the pages of an import show of its plan, and of what was applied."""

from dataclasses import dataclass

from tracker import formats
from tracker.imports.layout import Layout
from tracker.imports.outcomes import Change, Judged, Outcome, Plan, Total
from tracker.models import ImportBatch
from tracker.models.imports import Sheet
from tracker.views.import_forms import ranges

MOST_LINES = 100
# A page with more characters of changes than this is too heavy for a slow line; the files hold all of them.
ROOM = 30_000
ROOM_OF_MARKUP = 24
LONGEST_TEXT, SHORTEST_TEXT = 400, 50
# Of many changes those are shown that a meeting asks for; what a new line is called stands beside them.
ABOVE_ALL = {"Program", "Pagu", "Pagu perubahan", "Target", "Target perubahan", "Sumber dana", "Status"}
SAID_BESIDE = {"OPD", "Sub kegiatan"}
WRITTEN = {Outcome.NEW: "baris baru", Outcome.CHANGED: "baris berubah"}
NOTHING_WRITTEN = "Impor ini dibatalkan; tidak ada yang ditulis."


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of a plan with as many of its changes as fit into the page."""

    judged: Judged
    changes: list[Change]
    more: int


def preview_context(batch, plan):
    layout = Layout.from_json(batch.layout)
    changed = plan.changed
    shown = changed[:MOST_LINES]
    room = ROOM // max(len(shown), 1)
    return {
        "batch": batch,
        "plan": plan,
        "headline": headline(plan),
        "worksheet": batch.worksheets[layout.worksheet]["name"],
        "counts": [(outcome.label, plan.counts[outcome]) for outcome in Outcome],
        "ready": plan.counts[Outcome.NEW] + plan.counts[Outcome.CHANGED],
        "problems": plan.problems[:MOST_LINES],
        "more_problems": len(plan.problems) - MOST_LINES,
        "lines": [shown_line(judged, room) for judged in shown],
        "more_lines": ranges(judged.number for judged in changed[MOST_LINES:]),
        "warned": plan.warned[:MOST_LINES],
        "more_warned": len(plan.warned) - MOST_LINES,
        "left_out": left_out(plan),
        "total": total_of(plan),
        "applied_before": applied_before(batch),
    }


def headline(plan: Plan) -> str:
    if refused := plan.counts[Outcome.REFUSED]:
        return f"{formats.number(refused)} baris bermasalah, jadi berkas ini belum dapat diterapkan."
    if not plan.has_work:
        return "Tidak ada yang berubah: isi berkas ini sama dengan yang tersimpan."
    return f"{written(plan.counts)}, siap diterapkan."


def written(counts) -> str:
    """How many lines are written, in words."""
    return " dan ".join(
        f"{formats.number(counts[outcome])} {word}" for outcome, word in WRITTEN.items() if counts.get(outcome)
    )


def shown_line(judged, room) -> ShownLine:
    """As many changes of a line as there is room for, in characters."""
    changes = [change for change in judged.changes if not (judged.is_new and change.column in SAID_BESIDE)]
    longest = min(max(room // 6, SHORTEST_TEXT), LONGEST_TEXT)
    fitting = list(within(room, (shown_change(change, longest) for change in by_weight(changes))))
    if len(fitting) == len(changes):
        fitting = [shown_change(change, longest) for change in changes]
    return ShownLine(judged, fitting, len(changes) - len(fitting))


def by_weight(changes):
    return sorted(changes, key=lambda change: change.column not in ABOVE_ALL)


def within(room, changes):
    for change in changes:
        yield change
        room -= len(change.column) + len(change.old) + len(change.new) + ROOM_OF_MARKUP
        if room < 0:
            return


def shown_change(change: Change, longest: int) -> Change:
    """Long texts from a little before the place where they begin to differ."""
    if len(change.old) <= longest and len(change.new) <= longest:
        return change
    pairs = zip(change.old, change.new, strict=False)
    same = next((place for place, (old, new) in enumerate(pairs) if old != new), min(len(change.old), len(change.new)))
    begin = max(same - longest // 3, 0) if same > longest // 2 else 0
    return Change(change.column, excerpt(change.old, begin, longest), excerpt(change.new, begin, longest))


def excerpt(text, begin, longest) -> str:
    if len(text) <= longest:
        return text
    end = begin + longest
    return f"{'…' if begin else ''}{text[begin:end]}{'…' if end < len(text) else ''}"


def left_out(plan) -> list[tuple[str, str]]:
    """Why lines are no rows, with the numbers of those lines."""
    numbers = {}
    for judged in plan.left_out:
        numbers.setdefault(judged.why_left_out, []).append(judged.number)
    return [(why, ranges(found)) for why, found in numbers.items()]


def total_of(plan) -> Total | None:
    """The sum over all OPDs. Figures of several quarters are cumulative, so that they have no sum."""
    quarters = {total.when for total in plan.totals}
    if len(plan.totals) < 2 or (plan.sheet == Sheet.REPORTS and len(quarters) > 1):
        return None
    return Total("Jumlah", "", sum(each.before for each in plan.totals), sum(each.after for each in plan.totals))


def applied_before(batch) -> ImportBatch | None:
    """The same file, applied before: often a file is sent once more by mistake."""
    same = ImportBatch.objects.filter(state=ImportBatch.State.APPLIED, file_name=batch.file_name, rows=batch.rows)
    return same.select_related("applied_by").defer("rows", "outcomes", "worksheets").first()


def done_context(batch):
    refs = list(dict.fromkeys(ref for _, outcome, ref in batch.outcomes if outcome in WRITTEN and ref))
    is_applied = batch.state == ImportBatch.State.APPLIED
    return {
        "batch": batch,
        "is_applied": is_applied,
        "headline": f"Sudah diterapkan: {written(batch.counts)}." if is_applied else NOTHING_WRITTEN,
        "counts": [(outcome.label, batch.counts.get(outcome.value, 0)) for outcome in Outcome],
        "refs": refs[:MOST_LINES],
        "more_refs": len(refs) - MOST_LINES,
    }
