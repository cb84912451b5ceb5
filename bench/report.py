"""One figure and how it is printed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """VALUE is a ratio to the baseline of the same run; LEAST or MOST is what it must reach."""

    name: str
    value: float
    least: float | None = None
    most: float | None = None
    note: str = ""

    @property
    def reached(self) -> bool:
        return (self.least is None or self.value >= self.least) and (
            self.most is None or self.value <= self.most
        )

    def row(self) -> str:
        wanted = f"≥ {self.least}" if self.least is not None else f"≤ {self.most}"
        reached = "yes" if self.reached else "**no**"
        return f"| {self.name} | {self.value:.2f} × | {wanted} × | {reached} | {self.note} |"


HEAD = "| what | ratio | wanted | reached | figures |\n|---|---|---|---|---|"
