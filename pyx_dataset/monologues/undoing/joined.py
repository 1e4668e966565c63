"""A text that was joined, cut into its pieces again."""

from pyx_dataset.monologues.claims import in_backticks as code
from pyx_dataset.monologues.run.literals import canonical
from pyx_dataset.monologues.telling import phrases
from pyx_dataset.monologues.undoing.sums import Expression, Solver


def separator(name: str, want: str) -> tuple[str, str]:
    """What may have joined the pieces of a text, and why: a mark in it, or else one not in it."""
    mark = next((letter for letter in want if not letter.isalnum()), None)
    chosen = mark if mark is not None else "-"
    count = want.count(chosen)
    end = phrases.binding(name, canonical(chosen))
    if not count:
        return chosen, f"nothing in it looks like a separator, so take {end}"
    times = "once" if count == 1 else f"{count} times"
    return chosen, f"it holds {code(canonical(chosen))} {times}, so take {end}"


def cut(solver: Solver, pieces: Expression, mark: str, want: str) -> None:
    """The pieces that `mark` joined to `want`."""
    if mark:
        solver.down(pieces, want.split(mark), f"cut at {code(canonical(mark))}")
    else:
        solver.down(pieces, list(want), "letter by letter")
