"""How the sample's work goes: a course per sub kegiatan, and the reports an OPD would have written about it."""

import datetime
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from random import Random

from django.utils import timezone

from tracker.models import Activity, Period, Report, User
from tracker.sample.facts import Fact, rounded_money

# Shares of programs, and how their work stands against plan: late, behind, as planned.
PACES = ((0.13, 0.36, 0.56), (0.18, 0.75, 0.87), (1.0, 0.99, 1.08))

RETURN_NOTES = (
    "Realisasi anggaran berbeda dengan catatan SP2D. Cocokkan dengan BPKAD lalu ajukan kembali.",
    "Realisasi keluaran tampak per triwulan, bukan kumulatif. Perbaiki menjadi posisi s.d. akhir triwulan.",
    "Keluaran naik tanpa penjelasan. Tambahkan tautan berita acara serah terima, tanpa data pribadi penerima.",
    "Kendala belum disertai tindak lanjut. Lengkapi penanggung jawab dan tenggatnya.",
)


@dataclass(frozen=True)
class Office:
    """Who writes and judges the reports, of which quarters, and until when."""

    periods: list[Period]
    now: datetime.datetime
    submitter_of: dict[str, User]
    secretariat: User
    verifier: User
    silent_opds: set[str]

    def is_last(self, period) -> bool:
        return period == self.periods[-1]


@dataclass(frozen=True)
class Course:
    """One sub kegiatan and the chance that belongs to it alone, whatever else is loaded."""

    fact: Fact
    activity: Activity
    pace: float
    rng: Random


def paces_of_programs(facts: list[Fact], rng: Random) -> dict[tuple[str, str], float]:
    """How each program goes against plan. Works are behind more often than aid and services."""
    weights = {}
    for fact in facts:
        weights.setdefault((fact.opd, fact.program), []).append(0.0 if fact.is_works else 0.35)
    order = sorted(weights, key=lambda key: sum(weights[key]) / len(weights[key]) + rng.random())
    paces, start = {}, 0
    for share, slowest, fastest in PACES:
        end = start + round(share * len(order))
        for key in order[start:end]:
            paces[key] = rng.uniform(slowest, fastest)
        start = end
    return paces


def reports_of(course: Course, office: Office) -> list[Report]:
    """The reports of one sub kegiatan, oldest first, with figures that never fall."""
    rng, fact = course.rng, course.fact
    pace = course.pace * rng.uniform(0.97, 1.04) * (rng.uniform(0.5, 0.8) if rng.random() < 0.06 else 1)
    spending = rng.uniform(1.15, 1.35) if rng.random() < 0.05 else rng.uniform(0.84, 1.0)
    stopped = course.activity.revised_budget == 0
    done, money, found = Decimal(0), 0, []
    for period in office.periods:
        # The same draws for every quarter, so that a quarter more does not change the ones before.
        luck, chance, delay, speed = rng.uniform(0.96, 1.03), rng.random(), rng.random(), rng.random()
        text_rng = Random(rng.random())
        if period.quarter < fact.values["starts_quarter"] or (stopped and period.quarter > 2):
            continue
        plan = fact.plan[period.quarter - 1]
        if not stopped:
            done = max(done, min(Decimal(100), rounded(plan * Decimal(pace * luck), 1)))
            spent = min(Decimal("0.985"), done / 100 * Decimal(spending))
            money = max(money, rounded_money(course.activity.budget_in_force * spent) if spent else 0)
        if is_missing(course, period, office, chance):
            continue
        report = Report(activity=course.activity, period=period, realised_budget=money, **achievements(course, done))
        if done < plan * Decimal("0.91") or stopped:
            note_obstacle(report, fact, text_rng)
        send(report, course, office, chance=chance, delay=delay, speed=speed)
        found.append(report)
    return found


def is_missing(course: Course, period: Period, office: Office, chance: float) -> bool:
    if not office.is_last(period):
        return chance < 0.02
    return chance < 0.025 or course.fact.opd in office.silent_opds


def rounded(amount: Decimal, places: int) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-places))


def achievements(course: Course, done: Decimal) -> dict:
    """Output, physical progress and people at `done` percent of the work."""
    fact, activity = course.fact, course.activity
    target, baseline = activity.target_in_force, activity.baseline
    reached = done / 100
    figures = {}
    if activity.direction == Activity.Direction.DOWN:
        places = 1 if baseline - target < 20 else 0
        figures["realised_output"] = rounded(baseline - (baseline - target) * reached, places)
    else:
        # A road or a few buildings are hardly countable before they are finished: the site tells more.
        coarse = fact.is_works or 0 < target <= 20
        places = 1 if target != int(target) or fact.values["unit"] == "persen" else 0
        figures["realised_output"] = rounded(target * reached, places)
        if target == 0:
            # Help on demand has no target; what was asked for is counted all the same.
            figures["realised_output"] = Decimal(int(done / 4))
        if coarse:
            finished = target * reached * (1 if reached == 1 else Decimal("0.85"))
            figures["realised_output"] = finished.quantize(Decimal(1).scaleb(-places), ROUND_DOWN)
            figures["physical_percent"] = done
    if fact.values["target_beneficiaries"]:
        figures["beneficiaries"] = int(rounded(fact.values["target_beneficiaries"] * reached, 0))
    if activity.is_cash_for_work and done:
        figures["local_workers"] = int((fact.values["target_beneficiaries"] or 60) * (reached + 1) / 2) or 1
    return figures


def note_obstacle(report: Report, fact: Fact, rng: Random):
    if fact.obstacle is None:
        return
    report.obstacle_category_id, report.obstacle = fact.obstacle.category_id, fact.obstacle.text
    if rng.random() < 0.9:
        report.follow_up, report.follow_up_owner = fact.obstacle.follow_up, fact.obstacle.owner
        report.follow_up_due = report.period.due_on + datetime.timedelta(days=rng.randint(14, 75))


def send(report: Report, course: Course, office: Office, *, chance: float, delay: float, speed: float):
    """How far the report came: a draft, submitted in time or late, returned, verified."""
    last = office.is_last(report.period)
    # The sample operators find work on their start page: drafts to submit, and reports of their own that came back.
    is_operated = course.fact.opd in office.submitter_of
    if last and chance < (0.12 if is_operated else 0.04):
        return
    report.submitted_at = moment_of_submission(report.period, delay, office.now)
    report.submitted_by = office.submitter_of.get(course.fact.opd, office.secretariat)
    report.status = Report.Status.SUBMITTED
    if last and chance < (0.24 if is_operated else 0.06):
        report.status = Report.Status.RETURNED
        report.return_note = RETURN_NOTES[int(speed * len(RETURN_NOTES))]
        return
    submitted_on = timezone.localdate(report.submitted_at)
    verified_at = office_moment(submitted_on + datetime.timedelta(days=1 + int(9 * speed)), speed)
    if chance > (0.38 if last else 0.07) and verified_at < office.now:
        report.status, report.verified_at, report.verified_by = Report.Status.VERIFIED, verified_at, office.verifier


def moment_of_submission(period: Period, delay: float, now: datetime.datetime) -> datetime.datetime:
    """Mostly in the last days before the due date, one in thirteen up to twelve days after it, never in the future."""
    first = period.ends_on + datetime.timedelta(days=1)
    late = delay > 0.92
    start, days = (period.due_on, 12) if late else (first, (period.due_on - first).days)
    fraction = (delay - 0.92) / 0.08 if late else (delay / 0.92) ** 0.5
    moment = office_moment(start + datetime.timedelta(days=int(fraction * days) + late), fraction)
    return min(moment, now - datetime.timedelta(minutes=1 + int(fraction * 600)))


def office_moment(day: datetime.date, fraction: float) -> datetime.datetime:
    """Some minute of an office day, Western Indonesian time."""
    hour, minute = 8 + int(fraction * 797) % 8, int(fraction * 5981) % 60
    return datetime.datetime.combine(day, datetime.time(hour, minute), tzinfo=timezone.get_default_timezone())
