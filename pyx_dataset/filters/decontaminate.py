"""Which programs and calls a benchmark holds already. Its rows are read, compared and dropped."""

import ast
import gzip
import hashlib
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pyx_dataset.errors import InputError
from pyx_dataset.filters.tokens import code_tokens, grams

GRAM = 13
"""Code tokens in a row that two programs do not share by chance: 10 still find boilerplate."""

MIN_TEXT_CHARS = 40
"""A shorter text is in too many others: "add two numbers"."""

MIN_PAIR_CHARS = 16
"""A shorter pair of arguments and value says nothing: ``[] -> []`` fits half of all functions."""

_TEXTS = ("prompt", "text", "question", "question_content", "instruct_prompt")
_SHAPES = (
    "HumanEval (prompt, canonical_solution, test), MBPP (prompt or text, code, test_list) "
    "or CRUXEval (code, input, output)"
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that fired."""

    benchmark: str
    rule: str
    """``tokens``, ``text`` or ``pair``."""
    task: str

    def __str__(self) -> str:
        return f"{self.benchmark}: {self.rule}: {self.task}"


@dataclass(frozen=True, slots=True)
class Benchmark:
    """What is compared of one benchmark; each entry names the task it comes from."""

    name: str
    tasks: int
    grams: dict[str, str]
    texts: dict[str, str]
    pairs: dict[str, str]


def contaminated(code: str, instruction: str, benchmarks: tuple[Benchmark, ...]) -> Hit | None:
    """
    Whether a program is, or describes, a task of a benchmark.

    It does if it shares `GRAM` code tokens in a row with a solution, or if a task's text
    stands in its description or code, or its description in the text of a task.
    """
    if not benchmarks:
        return None
    found = grams(code_tokens(code), GRAM)
    whole, about = _plain(f"{instruction}\n{code}"), _plain(instruction)
    for benchmark in benchmarks:
        if shared := sorted(found & benchmark.grams.keys()):
            return Hit(benchmark.name, "tokens", benchmark.grams[shared[0]])
        for text, task in benchmark.texts.items():
            if text in whole or (len(about) >= MIN_TEXT_CHARS and about in text):
                return Hit(benchmark.name, "text", task)
    return None


def shared_pair(call: str, value: str, benchmarks: tuple[Benchmark, ...]) -> Hit | None:
    """Whether a benchmark asks for the same arguments and value, whatever the function's name."""
    if benchmarks and (pair := _pair_of_call(call, value)):
        for benchmark in benchmarks:
            if pair in benchmark.pairs:
                return Hit(benchmark.name, "pair", benchmark.pairs[pair])
    return None


@lru_cache(maxsize=4)
def read_benchmarks(paths: tuple[str, ...]) -> tuple[Benchmark, ...]:
    """
    Read the benchmark files at `paths`: JSON lines, plain or gzipped, in a shape that is known.

    Raises:
        InputError: a file is not there, holds nothing, or has a row of no known shape.
    """
    return tuple(_read(Path(path)) for path in paths)


def benchmark_edition(path: str) -> str:
    """
    A digest of a benchmark file.

    Raises:
        InputError: it cannot be read.
    """
    return hashlib.blake2b(_bytes(Path(path)), digest_size=8).hexdigest()


def _bytes(path: Path) -> bytes:
    try:
        raw = path.read_bytes()
        return gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    except (OSError, EOFError, zlib.error) as exc:
        raise InputError(f"cannot read the benchmark {path}: {exc}") from exc


def _read(path: Path) -> Benchmark:
    name = re.sub(r"\.jsonl?(\.gz)?$", "", path.name)
    found = Benchmark(name, 0, {}, {}, {})
    tasks = 0
    # Not `splitlines`: a JSON string may hold U+2028 as it is.
    for number, line in enumerate(_bytes(path).decode("utf-8", "replace").split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path} line {number}"
        try:
            row = json.loads(line)
        except ValueError as exc:
            raise InputError(f"{where} is not JSON ({exc}); a benchmark is JSON lines") from exc
        if not isinstance(row, dict):
            raise InputError(f"{where} is a {type(row).__name__}, not an object: {_SHAPES}")
        _add(row, str(row.get("task_id", row.get("id", number))), where, found)
        tasks += 1
    if not tasks:
        raise InputError(f"the benchmark {path} has no rows; write JSON lines shaped as {_SHAPES}")
    return Benchmark(name, tasks, found.grams, found.texts, found.pairs)


def _add(row: dict[str, Any], task: str, where: str, found: Benchmark) -> None:
    prompt, code = str(row.get("prompt", "")), row.get("code")
    if "canonical_solution" in row:
        code = f"{prompt}{row['canonical_solution']}"
    if not isinstance(code, str):
        keys = ", ".join(sorted(row)) or "none"
        raise InputError(f"{where} has the fields {keys}; expected {_SHAPES}")
    try:
        tree, tokens = ast.parse(code), code_tokens(code)
    except (SyntaxError, ValueError) as exc:
        raise InputError(f"the program of {where} does not parse: {exc}") from exc
    if len(tokens) >= GRAM:
        found.grams.update(dict.fromkeys(grams(tokens, GRAM), task))
    texts = [str(row[name]) for name in _TEXTS if name in row]
    if "canonical_solution" in row:
        functions = (node for node in tree.body if isinstance(node, ast.FunctionDef))
        texts = [(ast.get_docstring(node) or "").partition(">>>")[0] for node in functions]
    for text in map(_plain, texts):
        if len(text) >= MIN_TEXT_CHARS:
            found.texts[text] = task
    for pair in _pairs(row):
        found.pairs[pair] = task


def _pairs(row: dict[str, Any]) -> Iterator[str]:
    if "input" in row and "output" in row:
        pair = _pair_of_call(f"f({row['input']})", str(row["output"]))
        if pair:
            yield pair
    listed = row.get("test_list")
    tests = [str(row.get("test", "")), *(map(str, listed) if isinstance(listed, list) else ())]
    for text in tests:
        try:
            tree = ast.parse(text)
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            match node:
                case ast.Assert(
                    test=ast.Compare(left=ast.Call() as call, ops=[ast.Eq()], comparators=[value])
                ):
                    if pair := _pair_of_nodes(call, value):
                        yield pair


def _pair_of_call(call: str, value: str) -> str | None:
    try:
        left, right = ast.parse(call, mode="eval").body, ast.parse(value, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None
    return _pair_of_nodes(left, right) if isinstance(left, ast.Call) else None


def _pair_of_nodes(call: ast.Call, value: ast.expr) -> str | None:
    """The arguments and the value in one spelling; None if any is no literal."""
    given = [*call.args, *(item.value for item in call.keywords)]
    try:
        for node in (*given, value):
            ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
    pair = f"{', '.join(map(ast.unparse, given))} -> {ast.unparse(value)}"
    return pair if len(pair) >= MIN_PAIR_CHARS else None


def _plain(text: str) -> str:
    return " ".join(text.lower().split())
