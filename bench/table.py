"""What was measured, as a table: one line for each ratio or weight, with its goal and whether it is met."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    what: str
    measured: str
    value: float  # what the goal speaks of, in `unit`
    unit: str = ""
    most: float | None = None
    least: float | None = None

    @property
    def goal(self) -> str:
        if self.most is not None:
            return f"<= {self.most:,g} {self.unit}"
        return f">= {self.least:,g} {self.unit}" if self.least is not None else ""

    @property
    def verdict(self) -> str:
        """Judged as printed: what reads like the goal has met it."""
        if self.most is not None:
            return "ok" if float(f"{self.value:.3g}") <= self.most else "gap"
        if self.least is not None:
            return "ok" if float(f"{self.value:.3g}") >= self.least else "gap"
        return ""

    @property
    def cells(self):
        shown = f"{self.value:,.0f}" if self.value >= 100 else f"{self.value:.3g}"
        return self.what, self.measured, f"{shown} {self.unit}".strip(), self.goal.strip(), self.verdict


def milliseconds(cost) -> str:
    return f"{cost.cpu * 1000:,.1f} / {cost.clock * 1000:,.1f} ms"


def show(title, lines):
    rows = [("what", "measured", "ratio", "goal", ""), *(line.cells for line in lines)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    print(f"\n{title}")
    for what, *others in rows:
        aligned = (f"{cell:>{width}}" for cell, width in zip(others[:-1], widths[1:], strict=False))
        print("", what.ljust(widths[0]), *aligned, others[-1], sep="  ", flush=True)
