"""What must hold at a place of the run for the output to come out, as a reader walks up."""

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pyx_dataset.monologues.run.blocks import Outline, names_in
from pyx_dataset.monologues.telling import changes, phrases
from pyx_dataset.monologues.undoing.freedom import freedom
from pyx_dataset.monologues.undoing.invert import Solution, invert
from pyx_dataset.monologues.undoing.sums import NotInvertible


@dataclass(slots=True)
class Needs:
    """
    Variables and the values that they must have.

    A proposal takes the values that follow from the output and, where they are free, the plainest
    ones. A deduction walks the run of such a proposal, so what it deduces must be what was there.
    """

    plan: Outline
    is_proposal: bool
    values: dict[str, str] = field(default_factory=dict)

    def settle(self, node: ast.expr, want: str, before: Mapping[str, str]) -> str:
        """
        Let `node` be worth `want` in the state before a line; say what that asks of its variables.

        Empty where it asks nothing new.
        """
        fixed = {**self.plan.constants, **self.values}
        try:
            found = invert(node, want, fixed, before, self.plan.bound)
        except NotInvertible:
            found = None
        if found is not None and (self.is_proposal or _agrees(found, before)):
            self.values.update(found.values)
            return "; ".join(found.words)
        told = self.take(names_in(node), before)
        if not told:
            return ""
        why = freedom(node)
        return (
            f"{why}, so take {phrases.listed(told)}"
            if why
            else f"that takes {phrases.listed(told)}"
        )

    def take(self, names: Iterable[str], before: Mapping[str, str]) -> list[str]:
        """Need what `names` hold in this run; the new ones as bindings."""
        told = []
        for name in names:
            value = before.get(name)
            if value is None or name in self.values or value.startswith(_FIXED_THINGS):
                continue
            self.values[name] = value
            if not changes.is_told_by_name(value):
                told.append(phrases.binding(name, value))
        return told


_FIXED_THINGS = ("<function", "<class", "<module", "<builtin")
"""Not needs: they do not come from the arguments. An iterator does, though it has no value."""


def _agrees(found: Solution, before: Mapping[str, str]) -> bool:
    return all(before.get(name) == value for name, value in found.values.items())
