"""A second opinion: random years, and their figures once more in plain Python, written from design.md section 3.

Nothing here comes from tracker.progress. The two were written apart, so that a slip in one of them shows.
"""

import datetime
import random
from decimal import Decimal
from fractions import Fraction

from tests import make
from tracker.models import Activity, Program, RatingBand, RegisterCounter, Report

YEAR = 2026


def random_world(seed, activities=40):
    """A fiscal year with gaps, drafts, revisions, late starts, falling and undefined indicators, plans and no pagu."""
    chance = random.Random(seed)
    make.rating_bands()
    quarters = make.periods(YEAR)
    opds = [make.opd(name) for name in ("Dinsos", "Dinkes", "PUPR", "Diknas")]
    strategies = [None, *(make.strategy(number) for number in (1, 2, 3))]
    priorities = [None, make.priority(2021, 1), make.priority(2021, 2), make.priority(2026, 1)]
    sources = [make.funding_source("DAU"), make.funding_source("DAK"), make.funding_source("CSR", in_apbd=False)]
    programs = Program.objects.bulk_create(
        Program(
            fiscal_year=YEAR,
            opd=chance.choice(opds),
            name=f"Program {chance.randrange(8)}",
            strategy=chance.choice(strategies),
            priority=chance.choice(priorities),
        )
        for _ in range(activities // 3 + 1)
    )
    other_year = make.activity(make.program(opds[0], fiscal_year=YEAR - 1))
    make.report(other_year, 4, realised_budget=5, realised_output=50)
    made = Activity.objects.bulk_create(
        random_activity(chance, ref, chance.choice(programs), chance.choice(sources))
        for ref in RegisterCounter.take(YEAR, activities)
    )
    Report.objects.bulk_create(
        random_report(chance, activity, period)
        for activity in made
        if chance.random() < 0.9
        for period in quarters
        if chance.random() < 0.6
    )


def random_activity(chance, ref, program, source):
    is_down = chance.random() < 0.3
    target, revised_target = quantity(chance), chance.choice([None, None, quantity(chance)])
    in_force = target if revised_target is None else revised_target
    plans = sorted(chance.choice([Decimal(0), Decimal(100), percentage(chance)]) for _ in range(4))
    return Activity(
        ref=ref,
        program=program,
        name=f"Sub kegiatan {ref}",
        indicator="Jumlah",
        unit="KPM",
        direction="down" if is_down else "up",
        baseline=in_force + quantity(chance) if is_down else chance.choice([None, quantity(chance)]),
        target=target,
        revised_target=revised_target,
        funding_source=source,
        budget=rupiah(chance),
        revised_budget=chance.choice([None, None, None, 0, rupiah(chance)]),
        revision_note="APBD Perubahan",
        starts_quarter=chance.choice([1, 1, 1, 2, 3, 4]),
        **dict(zip(("plan_q1", "plan_q2", "plan_q3", "plan_q4"), plans, strict=True) if chance.random() < 0.5 else ()),
    )


def random_report(chance, activity, period):
    output = quantity(chance)
    if chance.random() < 0.7:  # near its plan, or the classes between the extremes would hardly occur
        target = activity.target if activity.revised_target is None else activity.revised_target
        start = activity.baseline if activity.direction == "down" else 0
        done = Decimal(period.quarter * chance.randrange(10, 35)) / 100
        output = max(Decimal(0), start + (target - start) * done).quantize(Decimal("0.001"))
    return Report(
        activity=activity,
        period=period,
        realised_budget=chance.choice([0, rupiah(chance), activity.budget * chance.randrange(0, 120) // 100]),
        realised_output=output,
        physical_percent=percentage(chance) if chance.random() < 0.2 else None,
        status=chance.choice(["draft", "returned", "submitted", "submitted", "verified", "verified"]),
        return_note="Periksa",
        submitted_at=datetime.datetime(YEAR, 11, 1, tzinfo=datetime.UTC),
    )


def quantity(chance):
    return chance.choice([Decimal(0), Decimal(chance.randrange(1, 2_000)), Decimal(chance.randrange(1, 10**9)) / 1000])


def percentage(chance):
    return Decimal(chance.randrange(0, 100_001)) / 1000


def rupiah(chance):
    return chance.choice([0, chance.randrange(1, 10**6), chance.randrange(1, 10**9), chance.randrange(1, 10**12)])


# The figures, once more


class Recomputed:
    """What each number means, asked of plain objects: `of` a list of activities, or of one that stands `alone`."""

    def __init__(self, quarter, *, verified_only=False, year=YEAR):
        self.quarter = quarter
        self.counted = {"verified"} if verified_only else {"submitted", "verified"}
        self.bands = list(RatingBand.objects.order_by("lower_bound"))
        everything = Activity.objects.select_related("program__opd", "program__strategy", "program__priority")
        self.activities = [
            activity
            for activity in everything.select_related("funding_source").prefetch_related("reports__period")
            if activity.program.fiscal_year == year
            and activity.starts_quarter <= quarter
            and activity.revised_budget != 0
        ]

    def pagu(self, activity):
        return activity.budget if activity.revised_budget is None else activity.revised_budget

    def position(self, activity):
        reports = [
            report
            for report in activity.reports.all()
            if report.status in self.counted and report.period.quarter <= self.quarter
        ]
        return max(reports, key=lambda report: report.period.quarter, default=None)

    def has_reported(self, activity):
        return any(
            report.status in self.counted and report.period.quarter == self.quarter
            for report in activity.reports.all()
        )

    def plan(self, activity):
        own = [activity.plan_q1, activity.plan_q2, activity.plan_q3, activity.plan_q4]
        return 25 * self.quarter if own == [None] * 4 else Fraction(own[self.quarter - 1])

    def is_undefined(self, activity):
        position = self.position(activity)
        if position and position.physical_percent is not None:
            return False
        target = activity.target if activity.revised_target is None else activity.revised_target
        return target == (0 if activity.direction == "up" else activity.baseline)

    def fisik(self, activity):
        position = self.position(activity)
        if position is None or self.is_undefined(activity):
            return None
        if position.physical_percent is not None:
            return Fraction(position.physical_percent)
        target = Fraction(activity.target if activity.revised_target is None else activity.revised_target)
        realised = Fraction(position.realised_output)
        if activity.direction == "up":
            return realised / target * 100
        baseline = Fraction(activity.baseline)
        return (baseline - realised) / (baseline - target) * 100

    def alone(self, activity):
        """One activity: its fisik is neither held nor weighted."""
        fisik, rencana = self.fisik(activity), None if self.is_undefined(activity) else self.plan(activity)
        high = fisik
        if fisik is not None and not self.has_reported(activity):
            high = max(fisik, rencana)
        return self.figures([activity], fisik, high, rencana)

    def of(self, activities):
        """A group: means weighted by pagu over the activities that can be measured."""
        measured = [activity for activity in activities if not self.is_undefined(activity)]
        lows, highs = [], []
        for activity in measured:
            low = min(100, max(0, self.fisik(activity) or 0))
            lows.append(low)
            highs.append(low if self.has_reported(activity) else max(low, self.plan(activity)))
        weights = [self.pagu(activity) for activity in measured]
        if any(self.position(activity) for activity in activities):
            fisik, high = weighted_mean(lows, weights), weighted_mean(highs, weights)
        else:
            fisik = high = None
        return self.figures(activities, fisik, high, weighted_mean(map(self.plan, measured), weights))

    def figures(self, activities, fisik, high, rencana):
        pagu = sum(self.pagu(activity) for activity in activities)
        positions = [self.position(activity) for activity in activities if self.position(activity)]
        realised = sum(position.realised_budget for position in positions) if positions else None
        debtors = [activity for activity in activities if not self.has_reported(activity)]
        reported = [activity for activity in activities if self.has_reported(activity)]
        deviation = None if fisik is None or rencana is None else fisik - rencana
        ratio = None if fisik is None or not rencana else fisik / rencana * 100
        status, rating = self.judge(len(debtors) == len(activities), pagu, fisik, rencana, ratio)
        return {
            "programs": len({activity.program_id for activity in activities}),
            "activities": len(activities),
            "budget": pagu,
            "budget_outside": sum(self.pagu(a) for a in activities if not a.funding_source.in_apbd),
            "realised": realised,
            "absorption": None if realised is None or not pagu else Fraction(realised * 100, pagu),
            "physical": fisik,
            "physical_high": high,
            "plan": rencana,
            "deviation": deviation,
            "ratio": ratio,
            "impact": None if deviation is None else pagu * deviation,
            "represented": Fraction(sum(map(self.pagu, reported)) * 100, pagu) if pagu else None,
            "missing": len(debtors),
            "undefined": sum(map(self.is_undefined, activities)),
            "status": status if activities else None,
            "rating": rating if activities else "",
        }

    def judge(self, nobody_reported, pagu, fisik, rencana, ratio):
        if nobody_reported:
            return "belum-lapor", ""
        if fisik is None or pagu == 0:
            return "tidak-dihitung", ""
        word = {"on_track": "sesuai", "attention": "perhatian", "late": "terlambat"}
        status = "sesuai" if rencana == 0 else word[self.band(ratio).status]
        judged = fisik if self.quarter == 4 else ratio
        return status, "" if judged is None else self.band(judged).name

    def band(self, percentage):
        found = self.bands[0]
        for band in self.bands:
            if percentage >= band.lower_bound:
                found = band
        return found


def weighted_mean(values, weights):
    total = sum(weights)
    return Fraction(sum(v * w for v, w in zip(values, weights, strict=True))) / total if total else None
