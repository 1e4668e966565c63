"""What this machine gives: the layers of the sandbox, tried out."""

import platform
import warnings
from collections.abc import Mapping
from dataclasses import dataclass

from pyx_dataset.sandbox.pool import Sandbox


@dataclass(frozen=True, slots=True)
class DoctorReport:
    """What `pyx doctor` prints."""

    level: str
    """``"strong"``, ``"no-files"`` or ``"weak"``."""
    missing: str
    """In words, what keeps the level from being strong; empty if nothing does."""
    layers: Mapping[str, object]
    """Layer to its state: Landlock's version, ``"on"`` or why seccomp is not, and so on."""
    acts: Mapping[str, str]
    """Forbidden act to ``"denied"`` or how far it went."""
    python: str
    kernel: str
    machine: str


def doctor_report() -> DoctorReport:
    """
    Start a worker, attempt every forbidden act in it, and say what held.

    Raises:
        SandboxError: no worker can be started here at all.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # weakness is what is asked about
        with Sandbox() as box:
            found = box.found
    return DoctorReport(
        level=found.level,
        missing="" if found.level == "strong" else found.missing(),
        layers=dict(found.layers),
        acts=dict(found.acts),
        python=platform.python_version(),
        kernel=platform.release(),
        machine=platform.machine(),
    )


def probe() -> dict[str, str]:
    """Each forbidden act and ``"denied"``, or how far it went on this machine."""
    return dict(doctor_report().acts)
