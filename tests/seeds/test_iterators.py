"""Iterators as lists and helpers next door, held against the installed packages."""

import ast
import importlib
import inspect
import re
from pathlib import Path

import more_itertools
import pydash
import pytest
import toolz

from pyx_dataset.config import BuildConfig
from pyx_dataset.schema import Seed
from pyx_dataset.seeds.packages import package_seeds

CONFIG = BuildConfig(seeds=("package:toolz",))


def seeds(name: str) -> list[Seed]:
    return [item for item in package_seeds(name, CONFIG) if isinstance(item, Seed)]


def value(code: str, call: str) -> object:
    scope: dict[str, object] = {}
    exec(compile(code, "<program>", "exec"), scope)
    return eval(call, scope)


def test_a_generator_becomes_a_program_that_returns_its_items() -> None:
    """Its documented examples, list() taken off, hold for the installed function."""
    found = [seed for seed in seeds("more-itertools") if seed.entry_point.startswith("list_")]
    checked = 0
    for seed in found:
        real = getattr(more_itertools, seed.entry_point.removeprefix("list_"), None)
        for example in seed.examples:
            if real and example.value:
                scope = {seed.entry_point: real}
                assert list(eval(example.call, scope)) == ast.literal_eval(example.value)
                assert value(seed.code, example.call) == ast.literal_eval(example.value)
                checked += 1

    assert len(found) > 40
    assert checked > 20


def test_the_wrapper_takes_what_the_function_takes() -> None:
    """Defaults, keyword-only and variable parameters, with the same values."""
    for seed in seeds("toolz"):
        if seed.entry_point.startswith("list_"):
            inner = getattr(toolz, seed.entry_point.removeprefix("list_"), None)
            scope: dict[str, object] = {}
            exec(compile(seed.code, "<program>", "exec"), scope)
            mine = inspect.signature(scope[seed.entry_point])  # type: ignore[arg-type]
            if inner and not hasattr(inner, "_partial"):  # toolz curries some when it is imported
                assert list(mine.parameters) == list(inspect.signature(inner).parameters)


def test_helpers_called_through_their_module_come_along() -> None:
    """``pyd.f(x)`` of pydash becomes ``f(x)``, with f, and its examples still hold."""
    checked = 0
    for seed in seeds("pydash"):
        assert "pyd." not in seed.code
        if "\ndef " in seed.code.strip() and seed.examples:
            example = seed.examples[0]
            if example.value and hasattr(pydash, seed.entry_point):
                real = eval(example.call, {seed.entry_point: getattr(pydash, seed.entry_point)})
                assert value(seed.code, example.call) == real
                checked += 1

    assert checked > 30


@pytest.mark.parametrize("body", ["other.g(x) + g(x)", "[other.g(g) for g in x]", "other.g(other)"])
def test_a_short_name_with_two_meanings_is_refused(body: str, tmp_path: Path) -> None:
    """No program rather than a different one."""
    files = importlib.import_module("pyx_dataset.seeds.files")
    (tmp_path / "LICENSE").write_text(
        "Permission is hereby granted, free of charge, to any person obtaining a copy\n"
    )
    (tmp_path / "other.py").write_text("def g(x):\n    y = x + 1\n    return y\n")
    (tmp_path / "main.py").write_text(
        f"import other\n\ndef g(x):\n    y = x\n    return y\n\ndef f(x):\n    y = {body}\n   "
        f" return y\n"
    )
    found = [item for item in files.folder_seeds(str(tmp_path), CONFIG) if isinstance(item, Seed)]

    assert "f" not in {seed.entry_point for seed in found}


def test_what_is_added_to_a_task_begins_a_sentence() -> None:
    """Also behind a docstring that ends without a full stop."""
    asked = [seed.instruction for seed in seeds("more-itertools")]
    added = [text for text in asked if text.endswith("Return all of it as a list.")]

    assert len(added) > 40
    assert all(re.search(r"[.!?:] Return all of it", text) for text in added)
