"""What a trace costs: ours against PySnooper and against a trace function that does nothing.

    python benchmarks/tracing.py [--peers VENV] [--quick]

CPU time of whole calls, programs included, each subject in a fresh interpreter; the subjects take
turns and the ratio of each turn is taken, so a busy machine shifts both. PySnooper writes to
nowhere and shortens nothing, as our steps hold every value in full.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

SUBJECT = str(Path(__file__).with_name("subjects") / "tracers.py")

PROGRAMS: dict[str, tuple[str, str, int]] = {
    "scalars": (
        "def f(n):\n"
        "    a, b, steps = n, 1, 0\n"
        "    while a != 1:\n"
        "        if a % 2:\n"
        "            a = 3 * a + 1\n"
        "        else:\n"
        "            a //= 2\n"
        "        b = b * 2 % 1009\n"
        "        steps += 1\n"
        "    return steps, b\n",
        "f(27)",
        8,
    ),
    "helper": (
        "def g(x, k):\n"
        "    y = x * k\n"
        "    return y + 1\n"
        "def f(n):\n"
        "    total = 0\n"
        "    for i in range(n):\n"
        "        total += g(i, total % 7)\n"
        "    return total\n",
        "f(100)",
        10,
    ),
    "counting": (
        "def f(text):\n"
        "    counts = {}\n"
        "    best = ''\n"
        "    for letter in text:\n"
        "        if letter == ' ':\n"
        "            continue\n"
        "        counts[letter] = counts.get(letter, 0) + 1\n"
        "        if not best or counts[letter] > counts[best]:\n"
        "            best = letter\n"
        "    return best, sorted(counts.items())\n",
        "f('the quick brown fox jumps over the lazy dog')",
        20,
    ),
    "words": (
        "def f(words):\n"
        "    groups = {}\n"
        "    for word in words:\n"
        "        key = ''.join(sorted(word))\n"
        "        groups.setdefault(key, []).append(word)\n"
        "    result = []\n"
        "    for key in sorted(groups):\n"
        "        if len(groups[key]) > 1:\n"
        "            result.append(tuple(groups[key]))\n"
        "    return result\n",
        "f(['tea', 'eat', 'tan', 'ate', 'nat', 'bat', 'tab', 'pot', 'top', 'opt', 'a'])",
        40,
    ),
    "sort": (
        "def f(xs):\n"
        "    xs = list(xs)\n"
        "    for i in range(1, len(xs)):\n"
        "        j = i\n"
        "        while j > 0 and xs[j - 1] > xs[j]:\n"
        "            xs[j - 1], xs[j] = xs[j], xs[j - 1]\n"
        "            j -= 1\n"
        "    return xs\n",
        "f([5, 2, 9, 1, 7, 3, 8, 6, 4, 0])",
        20,
    ),
}
"""Small ones, of the kind that rows are made of; with how many calls make a round."""
HEAVY: dict[str, tuple[str, str, int]] = {
    "list of 100": (
        "def f(n):\n"
        "    xs = list(range(100))\n"
        "    for i in range(n):\n"
        "        xs[i % 100] += i\n"
        "        xs.append(xs.pop(0))\n"
        "    return xs\n",
        "f(200)",
        2,
    ),
    "table of 20 by 20": (
        "def f(a, b):\n"
        "    dp = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]\n"
        "    for i in range(1, len(a) + 1):\n"
        "        for j in range(1, len(b) + 1):\n"
        "            if a[i - 1] == b[j - 1]:\n"
        "                dp[i][j] = dp[i - 1][j - 1] + 1\n"
        "            else:\n"
        "                dp[i][j] = max(dp[i - 1][j], dp[i][j - 1])\n"
        "    return dp[-1][-1]\n",
        "f('abcbdabxyzzyabcdefgh', 'bdcabayxzyzabdcfehgx')",
        1,
    ),
}
"""Where a large value changes on every other line."""


def spend(python: str, how: str, turns_of: int) -> list[float]:
    """CPU seconds of one call of each program."""
    programs = [(code, call, each * turns_of) for code, call, each in (PROGRAMS | HEAVY).values()]
    ran = subprocess.run(  # noqa: S603  (our own file)
        [python, SUBJECT, how],
        input=json.dumps({"programs": programs}),
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise SystemExit(f"{how} ended with status {ran.returncode}: {ran.stderr[-2000:]}")
    spent: list[float] = json.loads(ran.stdout)
    return spent


def lines_of(code: str, call: str) -> int:
    """How many lines of the program a call runs."""
    from pyx_dataset.traces.tracer import Tracer

    names: dict[str, object] = {}
    exec(compile(code, "<program>", "exec"), names)  # noqa: S102  (it stands above)
    tracer = Tracer(filename="<program>", source=code, max_steps=10**6, max_value_chars=10**6)
    tracer.run(lambda: eval(call, names))  # noqa: S307  (the same)
    return sum(step[0] == "line" for step in tracer.steps)


def ratio(above: list[list[float]], below: list[list[float]], programs: range) -> str:
    """Geometric mean over the programs, its median over the turns, and its range."""
    means = sorted(
        statistics.geometric_mean(one[i] / other[i] for i in programs)
        for one, other in zip(above, below, strict=True)
    )
    return f"{statistics.median(means):.2f} ({means[0]:.2f} to {means[-1]:.2f})"


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", type=Path, help="virtual environment with pysnooper")
    parser.add_argument("--quick", action="store_true", help="shows that it runs, no more")
    options = parser.parse_args()
    turns, rounds = (2, 1) if options.quick else (7, 5)
    pythons = dict.fromkeys(("untraced", "floor", "ours"), sys.executable)
    if options.peers:
        pythons["pysnooper"] = str(options.peers / "bin" / "python")
    spent: dict[str, list[list[float]]] = {how: [] for how in pythons}
    for _ in range(turns):
        for how, python in pythons.items():
            spent[how].append(spend(python, how, rounds))
    small, heavy = range(len(PROGRAMS)), range(len(PROGRAMS), len(PROGRAMS | HEAVY))
    print(f"load average {os.getloadavg()[0]:.1f}, {turns} turns, median (range)\n")
    print("| measure | ratio | target |\n| --- | --- | --- |")
    print(f"| ours / floor, small | {ratio(spent['ours'], spent['floor'], small)} | at most 12 |")
    print(f"| ours / floor, heavy | {ratio(spent['ours'], spent['floor'], heavy)} | |")
    if options.peers:
        for name, programs in (("small", small), ("heavy", heavy)):
            figure = ratio(spent["pysnooper"], spent["ours"], programs)
            print(f"| PySnooper / ours, {name} | {figure} | at least 8 |")
    print(f"\n| ns a line | lines | {' | '.join(spent)} |\n| --- |{' --- |' * (len(spent) + 1)}")
    for index, (name, (code, call, _)) in enumerate((PROGRAMS | HEAVY).items()):
        lines = lines_of(code, call)
        costs = [statistics.median(turn[index] for turn in each) for each in spent.values()]
        texts = " | ".join(f"{cost / lines * 1e9:.0f}" for cost in costs)
        print(f"| {name} | {lines} | {texts} |")


if __name__ == "__main__":
    main()
