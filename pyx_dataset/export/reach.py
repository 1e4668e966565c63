"""How much of their programs the published calls show, as means over programs for the card."""

from statistics import fmean

from pyx_dataset.schema import Bundle, Outcome


class Reach:
    """Takes bundles one by one; holds a few numbers of each."""

    def __init__(self) -> None:
        self.rows: list[tuple[float, float, int, int, int]] = []

    def add(self, bundle: Bundle) -> None:
        """Count `bundle` in."""
        traces = [item.trace for item in bundle.executions]
        values = {item.value for item in traces if item.outcome is Outcome.RETURNED}
        raising = sum(item.outcome is Outcome.RAISED for item in traces)
        row = bundle.coverage, bundle.branch_coverage, len(traces), len(values), raising
        self.rows.append(row)

    def means(self) -> dict[str, float]:
        """Each measure and its mean over the programs; empty if there was none."""
        if not self.rows:
            return {}
        names = (
            "lines reached, share",
            "branches taken, share",
            "calls",
            "different values returned",
            "calls that raise",
        )
        means = (fmean(column) for column in zip(*self.rows, strict=True))
        return {name: round(mean, 4) for name, mean in zip(names, means, strict=True)}
