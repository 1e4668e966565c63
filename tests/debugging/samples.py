"""Five small programs, calls of them, and what was made of them."""

from dataclasses import dataclass

from pyx_dataset.schema import Bundle, Debugged

CODES = {
    "total": '''def total(numbers, start):
    """Add up the numbers above two."""
    result = start  # what there is already
    for number in numbers:
        if number > 2:
            result += number
    return result
''',
    "countdown": """def countdown(n):
    steps = []
    for k in range(1, n + 1):
        steps.append(n - k)
    return steps
""",
    "clamp": """def clamp(value, low, high):
    if value < low:
        return low
    if value > high:
        return high
    return value
""",
    "largest": """def largest(numbers):
    best = _first(numbers)
    for number in numbers:
        best = _greater(best, number)
    return best


def _first(numbers):
    return numbers[0] if numbers else 0


def _greater(one, other):
    return one if one >= other else other
""",
    "middle": """def middle(values):
    ordered = sorted(values)
    size = len(ordered)
    if size == 0:
        return None
    return ordered[size // 2]
""",
}
CALLS = {
    "total": ("total([1, 2, 3], 4)", "total([], 5)", "total([8, 9], 0)", "total([2], 1)"),
    "countdown": ("countdown(0)", "countdown(1)", "countdown(3)", "countdown(4)"),
    "clamp": ("clamp(12, 0, 10)", "clamp(-1, 0, 10)", "clamp(4, 0, 10)", "clamp(0, 0, 10)"),
    "largest": ("largest([1, 5, 3])", "largest([])", "largest([7])", "largest([-2, -3])"),
    "middle": ("middle([3, 1, 2])", "middle([])", "middle([5])", "middle([4, 4, 1, 9])"),
}


@dataclass(frozen=True)
class Case:
    """A program, its executions and its bugs."""

    bundle: Bundle

    @property
    def code(self) -> str:
        return self.bundle.program.seed.code

    @property
    def bugs(self) -> tuple[Debugged, ...]:
        return self.bundle.debugged
