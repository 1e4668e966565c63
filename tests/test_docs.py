"""What the documents say exists, exists; what exists is documented."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from pyx_dataset.cli import app
from pyx_dataset.export.features import FEATURES
from pyx_dataset.reasons import REASONS

ROOT = Path(__file__).parents[1]
DOCUMENTS = [
    *ROOT.glob("*.md"),
    *(ROOT / "trainers").glob("*.md"),
    *(ROOT / "evaluation").rglob("*.md"),
]
COMMANDS = sorted(get_command(app).commands)  # type: ignore[attr-defined]  # a click group


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_make_target_and_command_that_is_named_exists(document: Path) -> None:
    """`make X`, `pyx X` and `python -m X` inside backticks or code blocks."""
    text = document.read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL))
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)

    assert set(re.findall(r"(?:^|[\s`])make ([a-z-]+)", code)) <= set(targets)
    assert set(re.findall(r"(?:^|[\s`])pyx ([a-z]+)", code)) <= set(COMMANDS)
    for module in re.findall(r"python -m ((?:evaluation|trainers)[\w.]*)", code):
        path = ROOT / module.replace(".", "/")
        assert path.with_suffix(".py").exists() or path.is_dir(), module


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_is_linked_exists(document: Path) -> None:
    """Relative links only; the network is not asked."""
    text = document.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!http|#)([^)#]+)", text):
        assert (document.parent / target).exists(), target


def test_the_readme_names_every_command_and_config() -> None:
    """A command or a config that the README leaves out does not exist for a reader."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert [name for name in COMMANDS if f"pyx {name}" not in readme] == []
    assert [name for name in FEATURES if f"`{name}`" not in readme] == []


def test_every_reason_is_used() -> None:
    """The closed set of reasons holds none that no code gives."""
    source = "\n".join(path.read_text() for path in (ROOT / "pyx_dataset").rglob("*.py"))

    assert [name for name in REASONS if source.count(f'"{name}"') < 2 and name not in {
        "raised", "timed_out", "out_of_memory", "crashed", "no_result", "forbidden", "invalid",
    }] == []  # fmt: skip
