"""Prompt files: Markdown with ``$fields``, one a task, each with a hash that goes into the rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from importlib import resources
from pathlib import Path
from string import Template

from pyx_dataset.errors import InputError

FIELDS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "problem": (frozenset({"snippet"}), frozenset()),
    "repair": (frozenset({"problem", "code", "error"}), frozenset()),
    "inputs": (frozenset({"code"}), frozenset({"entry_point", "signature", "calls"})),
    "forward": (frozenset({"code", "call"}), frozenset({"entry_point", "value", "trace"})),
    "backward": (frozenset({"code", "value"}), frozenset({"entry_point", "call"})),
    "solution": (frozenset({"problem", "signature"}), frozenset({"entry_point", "tests"})),
    "debugging": (
        frozenset({"code", "failed_test"}),
        frozenset({"problem", "trace", "expected", "found"}),
    ),
}
"""By task, the fields that its file must use and those that it may use."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt file."""

    task: str
    text: str
    hash: str

    def render(self, **values: str) -> str:
        """The prompt with its fields filled in; fields that it does not use may be given too."""
        return Template(self.text).substitute(values).strip()


Prompts = Mapping[str, Prompt]


def load_prompts(folder: str = "") -> Prompts:
    """
    The prompt of each task: from `folder` where that has it, else from this package.

    Raises:
        InputError: there is no such folder, or a file in it is for no task, uses a field that
            its task does not have, or lacks one that it needs.
    """
    own = _own(Path(folder)) if folder else {}
    return {task: _prompt(task, own.get(task) or _shipped(task)) for task in FIELDS}


def _own(folder: Path) -> dict[str, tuple[str, str]]:
    if not folder.is_dir():
        raise InputError(f"teacher.prompts names {folder}, which is no folder")
    found: dict[str, tuple[str, str]] = {}
    for path in sorted(folder.glob("*.md")):
        if path.stem not in FIELDS:
            names = ", ".join(f"{task}.md" for task in FIELDS)
            raise InputError(f"{path} is a prompt for no task; there are {names}")
        try:
            found[path.stem] = str(path), path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as exc:
            raise InputError(f"cannot read the prompt {path}: {exc}") from exc
    if not found:
        raise InputError(f"{folder} holds no prompt file, such as forward.md")
    return found


def _shipped(task: str) -> tuple[str, str]:
    file = resources.files("pyx_dataset") / "teacher" / "prompts" / f"{task}.md"
    return f"{task}.md", file.read_text(encoding="utf-8")


def _prompt(task: str, found: tuple[str, str]) -> Prompt:
    origin, text = found
    required, optional = FIELDS[task]
    known = ", ".join(f"${name}" for name in sorted(required | optional))
    for number, line in enumerate(text.split("\n"), start=1):
        template = Template(line)
        if not template.is_valid():
            raise InputError(
                f"{origin} line {number}: a `$` must begin one of {known}; write `$$` for a dollar"
            )
        if unknown := sorted(set(template.get_identifiers()) - required - optional):
            raise InputError(f"{origin} line {number}: unknown field ${unknown[0]}; known: {known}")
    if missing := sorted(required - set(Template(text).get_identifiers())):
        raise InputError(f"{origin} never uses ${missing[0]}, without which it asks about nothing")
    return Prompt(task, text, blake2b(text.encode(), digest_size=8).hexdigest())
