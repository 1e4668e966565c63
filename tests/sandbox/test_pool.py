"""What the sandbox says about a call is what CPython does."""

import ast
import itertools
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyx_dataset.config import Limits
from pyx_dataset.errors import ConfigError, SandboxError
from pyx_dataset.sandbox import pool
from pyx_dataset.sandbox.pool import CallResult, Job, Sandbox
from pyx_dataset.schema import Outcome

Run = Callable[..., tuple[CallResult, ...]]

PACKAGE = Path(pool.__file__).parent.parent
ROOT = Path(__file__).parents[1]

leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.binary(max_size=8)
plain = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(leaves, inner, max_size=3)
        | st.frozensets(leaves, max_size=3).map(set)
    ),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(plain)
def test_plain_value_comes_back_as_it_went(run: Run, value: object) -> None:
    """What `f` returns is read back by CPython's own literal reader, type for type."""
    (result,) = run("def f(x):\n    return x", f"f({value!r})")

    assert result.value is not None
    back = ast.literal_eval(result.value)
    assert back == value
    assert type(back) is type(value)


@pytest.mark.parametrize(
    "body",
    [
        "return 1 // x",
        "return [][x]",
        "return {}[x]",
        "raise ValueError('a', 'b')",
        "assert x, 'was zero'",
        "return int('q')",
        "return undefined",
        "return b'\\xff'.decode()",
        "raise KeyboardInterrupt",
    ],
)
def test_exception_is_that_of_cpython(run: Run, body: str) -> None:
    """Type, message and line are those of the same program run here."""
    code = f"def f(x):\n    y = x\n    {body}"
    names: dict[str, Callable[[int], object]] = {}
    exec(code, names)
    try:
        names["f"](0)
    except BaseException as exc:  # noqa: BLE001  (one of them is KeyboardInterrupt)
        type_and_message = f"{type(exc).__name__}: {exc}".removesuffix(": ")

    (result,) = run(code, "f(0)")

    assert result.outcome is Outcome.RAISED
    assert result.exception == f"{type_and_message} (line 3)"


@pytest.mark.parametrize(
    ("code", "call", "outcome", "words"),
    [
        ("def f(:", "f()", Outcome.INVALID, "SyntaxError: invalid syntax (line 1)"),
        ("x = 1\n1 / 0", "f()", Outcome.INVALID, "while loading: ZeroDivisionError"),
        ("f = 1", "f", Outcome.INVALID, "not a call"),
        ("f = 1", "f(", Outcome.INVALID, "does not compile"),
        ("f = 1", "f() + 1", Outcome.INVALID, "not a call"),
        ("f = 1", "f(); f()", Outcome.INVALID, "does not compile"),
        ("f = object", "f()", Outcome.NO_RESULT, "object is not plain data"),
        ("f = lambda: 'x' * 1001", "f()", Outcome.TOO_LONG, "value_chars = 1000"),
        ("f = lambda: print('x' * 70_000)", "f()", Outcome.TOO_LONG, "output_kib = 64"),
        ("def f():\n  while 1: pass", "f()", Outcome.TIMED_OUT, "cpu_s = 0.2"),
        ("from time import sleep as f", "f(9)", Outcome.TIMED_OUT, "wall_s = 2.0"),
        ("f = lambda: [0] * 10**9", "f()", Outcome.OUT_OF_MEMORY, "MemoryError (line 1)"),
        ("from os import _exit as f", "f(7)", Outcome.CRASHED, "status 7"),
        ("from ctypes import string_at as f", "f(0)", Outcome.CRASHED, "SIGSEGV"),
        ("f = open", "f('/etc/passwd')", Outcome.FORBIDDEN, "PermissionError"),
        ("while 1: pass", "f()", Outcome.TIMED_OUT, "while loading"),
    ],
)
def test_every_other_end_has_its_name(
    run: Run, code: str, call: str, outcome: Outcome, words: str
) -> None:
    """How a call ended is told apart, and the reason says what happened."""
    (result,) = run(code, call)

    assert (result.outcome, result.value) == (outcome, None)
    assert result.exception is not None
    assert words in result.exception


def test_a_permission_error_of_the_program_itself_is_its_own(run: Run) -> None:
    """Only what the sandbox denies is forbidden; raising the same type by hand is not."""
    (result,) = run("def f(): raise PermissionError('no')", "f()")

    assert result.outcome is Outcome.RAISED


@pytest.mark.parametrize("death", ["exit", "loop", "fill"])
def test_a_call_that_dies_takes_no_other_call_with_it(run: Run, death: str) -> None:
    """The calls after it get their results from a fresh process."""
    code = """
        import os
        KEPT = []
        def exit(): os._exit(0)
        def loop():
            while True: pass
        def fill():
            while True: KEPT.append([0] * 100_000)
        def f(x): return x, len(KEPT)
        """

    results = run(textwrap.dedent(code), "f(1)", f"{death}()", "f(2)")

    assert [result.value for result in results] == ["(1, 0)", None, "(2, 0)"]


def test_what_is_printed_is_kept_per_call(run: Run) -> None:
    """Standard output belongs to the call that printed it; input is empty."""
    code = """
        import sys
        def f(x):
            print(x)
            sys.stdout.buffer.write(b'!')
            return sys.stdin.read()
        """
    results = run(textwrap.dedent(code), "f('ü')", "f(2)")

    assert [result.stdout for result in results] == ["ü\n!", "2\n!"]
    assert results[0].value == "''"


def test_trace_is_there_when_asked_for(run: Run) -> None:
    """A traced call has steps of the program's own lines; an untraced call has none."""
    code = "def f(x):\n    y = x + 1\n    return y"
    (traced,), (untraced,) = run(code, "f(1)", trace=True), run(code, "f(1)")

    assert traced.steps is not None
    assert [step.line for step in traced.steps if step.event == "line"] == [2, 3]
    assert untraced.steps is None


def test_program_looks_like_a_module(run: Run) -> None:
    """It is importable by its name, as dataclasses and pickle need, and is not ``__main__``."""
    code = """
        from __future__ import annotations
        import dataclasses, pickle
        @dataclasses.dataclass
        class P:
            x: int
        def f():
            return pickle.loads(pickle.dumps(P(3))).x, __name__
        """
    (result,) = run(textwrap.dedent(code), "f()")

    assert result.value == "(3, 'program')"


def test_standard_library_that_is_not_warm_can_be_imported(run: Run) -> None:
    """Any pure module of the standard library works, warm or not."""
    (result,) = run("def f():\n    import tomllib\n    return tomllib.loads('a = 1')", "f()")

    assert result.value == "{'a': 1}"


def test_nothing_else_can_be_imported(run: Run) -> None:
    """Neither this package nor anything installed beside it is visible."""
    code = """
        def f(name):
            try:
                __import__(name)
            except ModuleNotFoundError:
                return 'none'
        """
    results = run(textwrap.dedent(code), "f('pyx_dataset')", "f('pytest')", "f('pip')")

    assert [result.value for result in results] == ["'none'"] * 3


def test_hash_seed_is_really_fixed() -> None:
    """The hash of a text is what CPython gives under that PYTHONHASHSEED."""
    for seed in (0, 7):
        command = [sys.executable, "-c", "print(hash('pyx'))"]
        plain = subprocess.run(
            command, env={"PYTHONHASHSEED": str(seed)}, capture_output=True, check=True, text=True
        )
        with Sandbox(hash_seed=seed) as box:
            (result,) = box.run([Job("h", "f = hash", ("f('pyx')",))])

        assert result.calls[0].value == plain.stdout.strip()


def test_unseeded_random_repeats_under_one_hash_seed_only() -> None:
    """The same job draws the same numbers again, and others under another hash seed."""
    job = Job("r", "import random\ndef f():\n    return random.random()", ("f()",))
    drawn = []
    for seed in (1, 1, 2):
        with Sandbox(hash_seed=seed) as box:
            drawn += [result.calls[0].value for result in box.run([job, job])]

    assert len(set(drawn[:4])) == 1
    assert drawn[4] not in drawn[:4]


def test_results_come_in_input_order_for_any_number_of_workers() -> None:
    """Slow jobs do not let fast ones overtake them."""
    jobs = [
        Job(str(index), "import time\ndef f(x):\n    time.sleep(x)\n    return x", (f"f({wait})",))
        for index, wait in enumerate([0.2, 0.0, 0.1, 0.0, 0.0, 0.05])
    ]
    with Sandbox(workers=3) as box:
        results = list(box.run(jobs))

    assert [result.id for result in results] == [job.id for job in jobs]
    assert [result.calls[0].value for result in results] == [
        "0.2",
        "0.0",
        "0.1",
        "0.0",
        "0.0",
        "0.05",
    ]


def test_endless_input_is_read_as_needed(box: Sandbox) -> None:
    """Only a few jobs are taken ahead of what was yielded."""
    taken = itertools.count()
    jobs = (Job(str(next(taken)), "f = int", ("f()",)) for _ in itertools.count())

    first = list(itertools.islice(box.run(jobs), 10))

    assert [result.id for result in first] == [str(number) for number in range(10)]
    assert next(taken) < 20


def test_a_sandbox_can_be_used_while_its_results_are_read(box: Sandbox) -> None:
    """A run inside a run does not wait for itself."""
    job = Job("a", "f = int", ("f('7')",))
    inner = [
        next(box.run([job])).calls[0].value for _ in zip(box.run([job] * 3), range(3), strict=True)
    ]

    assert inner == ["7"] * 3


def test_a_job_without_calls_has_no_results(run: Run) -> None:
    """Nothing asked, nothing run."""
    assert run("1 / 0") == ()


@pytest.mark.parametrize("name", ["pipes_made_to_fail", "answers_left_behind", "fork", "sibling"])
def test_nothing_of_a_program_reaches_the_next(name: str) -> None:
    """After each attack on what a worker's programs share, the next one is as in CPython."""
    attack = (ROOT / "hostile" / "programs" / f"{name}.py").read_text()
    honest = "def f(n):\n    return 'x' * n, list(range(n))"
    with Sandbox(limits=Limits(cpu_s=0.3, wall_s=2.0)) as box:
        for _ in range(3):
            *_, result = box.run(
                [Job("bad", attack, ("attack()", "attack()")), Job("good", honest, ("f(3000)",))]
            )

            assert result.calls[0].value == repr(("x" * 3000, list(range(3000))))


def test_bad_settings_are_refused() -> None:
    """An unknown level or no workers at all is an error of the caller."""
    with pytest.raises(ConfigError, match="strong, no-files, weak"):
        Sandbox(require="perfect")
    with pytest.raises(ConfigError, match="at least 1"):
        Sandbox(workers=0)


def test_another_process_cannot_use_it(box: Sandbox) -> None:
    """A forked copy would talk over the same pipes, so it is refused."""
    box._owner += 1
    try:
        with pytest.raises(SandboxError, match="another process"):
            box.run([])
    finally:
        box._owner -= 1


def test_verdict_on_cpu_time_does_not_depend_on_load() -> None:
    """A program just within its CPU time passes although three others keep the cores busy."""
    code = "import time\ndef f(s):\n    while time.process_time() < s:\n        pass\n    return 1"
    burn = [subprocess.Popen([sys.executable, "-c", "while 1: pass"]) for _ in range(3)]
    try:
        with Sandbox(limits=Limits(cpu_s=0.5, wall_s=20.0)) as box:
            (result,) = box.run([Job("a", code, ("f(0.25)", "f(9)"))])
    finally:
        for process in burn:
            process.kill()
            process.wait()

    assert [call.outcome for call in result.calls] == [Outcome.RETURNED, Outcome.TIMED_OUT]


def test_a_call_finds_nothing_that_an_earlier_call_left() -> None:
    """Each call is the first one of a program just loaded, as it is for a reader of its row."""
    code = "seen = []\ndef f(x):\n    seen.append(x)\n    return seen\n"
    with Sandbox() as sandbox:
        [result] = sandbox.run([Job("a", code, ("f(1)", "f(2)"))])

    assert [call.value for call in result.calls] == ["[1]", "[2]"]
