"""How well a worker holds, found by attempting in it what must not work."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pyx_dataset.config import Limits
from pyx_dataset.errors import SandboxError
from pyx_dataset.sandbox.link import Link
from pyx_dataset.sandbox.results import read_result

LEVELS = ("strong", "no-files", "weak")
"""
From best to worst. ``strong``: every probe is denied, and programs read the standard library.
``no-files``: every probe is denied by refusing all files, so only modules that are already warm
can be imported. ``weak``: something is not denied.
"""

_PROBES = Path(__file__).with_name("probes.py")


@dataclass(frozen=True, slots=True)
class Isolation:
    """A level and what it rests on."""

    level: str
    acts: Mapping[str, str]
    """Forbidden act to ``"denied"`` or how far it went."""
    layers: Mapping[str, object]

    def missing(self) -> str:
        """What keeps this from being strong, in words."""
        open_acts = [name.replace("_", " ") for name, end in self.acts.items() if end != "denied"]
        absent = [name for name, state in self.layers.items() if state in (0, False)]
        if self.layers["seccomp"] != "on":
            absent.append(f"seccomp ({self.layers['seccomp']})")
        return f"missing {', '.join(absent) or 'nothing'}; a program can " + (
            ", ".join(open_acts) or "do nothing it must not"
        )


def measure(link: Link) -> Isolation:
    """Attempt every act of `probes` in a program of this worker."""
    code = _PROBES.read_text(encoding="utf-8")
    job = {"op": "run", "code": code, "calls": ["attempt_all()"], "trace": False}
    link.send(job)
    [report] = link.reports()
    result = read_result(report, Limits())
    if result.value is None:
        raise SandboxError(f"the probes ended as {result.outcome}: {result.exception}")
    acts: dict[str, str] = ast.literal_eval(result.value)
    if any(end != "denied" for end in acts.values()):
        level = "weak"
    else:
        level = "strong" if link.layers["landlock"] else "no-files"
    return Isolation(level, acts, link.layers)
