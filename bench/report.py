"""One figure and how it is printed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """VALUE is a ratio to the baseline of the same run, a share or a count; LEAST and MOST bound it."""

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
        bounds = (("≥", self.least), ("≤", self.most))
        wanted = ", ".join(f"{sign} {bound}" for sign, bound in bounds if bound is not None)
        reached = "yes" if self.reached else "**no**"
        return f"| {self.name} | {self.value:.3g} | {wanted} | {reached} | {self.note} |"


HEAD = "| what | measured | wanted | reached | figures |\n|---|---|---|---|---|"
