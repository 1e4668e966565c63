"""Seeds of a folder of files."""

from pathlib import Path

import pytest

from pyx_dataset.config import BuildConfig
from pyx_dataset.errors import InputError
from pyx_dataset.schema import Rejected, Seed
from pyx_dataset.seeds.files import folder_seeds

CONFIG = BuildConfig(seeds=("files:x",))
CODE = "def f(x):\n    y = x + 1\n    return y\n"
MIT = "Permission is hereby granted, free of charge, to any person obtaining a copy\nof this"


def found(folder: Path) -> list[Seed | Rejected]:
    return list(folder_seeds(str(folder), CONFIG))


def reasons(folder: Path) -> list[str]:
    return [item.reason for item in found(folder) if isinstance(item, Rejected)]


def test_a_file_names_its_licence(tmp_path: Path) -> None:
    """An SPDX line in the file is enough, and the path is inside the folder."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.py").write_text(f"# SPDX-License-Identifier: MIT\n{CODE}")
    (seed,) = found(tmp_path)

    assert isinstance(seed, Seed)
    assert (seed.source.path, seed.source.line, seed.source.license) == ("sub/a.py", 2, "MIT")
    assert seed.code == CODE


@pytest.mark.parametrize(
    ("name", "text"),
    [("LICENSE", MIT), ("COPYING.txt", MIT), ("pyproject.toml", '[project]\nlicense = "MIT"\n')],
)
def test_the_folder_names_the_licence_of_its_files(name: str, text: str, tmp_path: Path) -> None:
    """A licence file that is recognised, or the project's own table."""
    (tmp_path / name).write_text(text)
    (tmp_path / "a.py").write_text(CODE)

    assert [seed.source.license for seed in found(tmp_path) if isinstance(seed, Seed)] == ["MIT"]


def test_no_licence_no_seed(tmp_path: Path) -> None:
    """Code without a licence is nobody's to publish."""
    (tmp_path / "a.py").write_text(CODE)

    assert reasons(tmp_path) == ["license_not_allowed"]


def test_a_file_that_does_not_parse_is_rejected_with_its_line(tmp_path: Path) -> None:
    """The others still count."""
    (tmp_path / "LICENSE").write_text(MIT)
    (tmp_path / "a.py").write_text("x = 1\ndef f(:\n")
    (tmp_path / "b.py").write_text(CODE)
    bad, good = found(tmp_path)

    assert isinstance(bad, Rejected)
    assert (bad.reason, bad.subject) == ("syntax_error", "a.py:2")
    assert isinstance(good, Seed)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("def f():\n    x = 1\n    return x\n", "no_parameters"),
        ("def f(x):\n    x += 1\n    return\n", "returns_nothing"),
        ("def f(x):\n    def g():\n        return 1\n    g()\n", "returns_nothing"),
        ("async def f(x):\n    x += 1\n    return x\n", "is_async"),
        ("@g\ndef f(x):\n    return x\n", "decorated"),
        ("def f(x):\n    return x\n", "code_too_short"),
        ("def f(x):\n" + "    x += 1\n" * 40 + "    return x\n", "code_too_long"),
        ("def f(x):\n    y = x\n    return input(y)\n", "not_self_contained"),
        (
            f"{CODE}\n{CODE}".replace("\n\n", "\n").replace("y = x", "z = x", 1),
            "not_self_contained",
        ),
    ],
)
def test_what_is_no_seed_says_why(body: str, reason: str, tmp_path: Path) -> None:
    """Each rule has its own reason."""
    (tmp_path / "LICENSE").write_text(MIT)
    (tmp_path / "a.py").write_text(body)

    assert reasons(tmp_path)[:1] == [reason]


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """So are a file in its place and a folder with no Python in it."""
    (tmp_path / "a.txt").write_text("")
    for name in ("gone", "a.txt", ""):
        with pytest.raises(InputError, match="must name a folder"):
            found(tmp_path / name)
