"""Each layer is really there, and where one is missing the level says so."""

import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from pyx_dataset.errors import SandboxError
from pyx_dataset.sandbox import landlock, pool
from pyx_dataset.sandbox.pool import Sandbox
from pyx_dataset.sandbox.self_check import doctor_report, probe
from pyx_dataset.sandbox.syscalls import this_machine

PACKAGE = Path(pool.__file__).parent.parent
linux_layers = pytest.mark.skipif(
    not (this_machine() and landlock.version()), reason="needs a known machine and Landlock"
)

WITHOUT = """
import ctypes, sys, types, warnings
package = types.ModuleType("pyx_dataset")
package.__path__ = [sys.argv[1]]
sys.modules["pyx_dataset"] = package
from pyx_dataset.sandbox import limits, seccomp
from pyx_dataset.sandbox.pool import Job, Sandbox
from pyx_dataset.sandbox.syscalls import this_machine

# A machine without these calls, for this process and all it starts.
limits.no_new_privileges()
machine = this_machine()
code = seccomp._only(machine)
for number in map(int, sys.argv[2].split()):
    code += seccomp._stop_if(number, seccomp._fail(38))
assert seccomp.install(machine, code + seccomp._say(0x7FFF0000)) == ""
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    with Sandbox() as box:
        print(box.isolation, len(caught))
        read = "def f():\\n    import math\\n    return math.gcd(4, 6)"
        (result,) = box.run([Job("a", read, ("f()",))])
        print(result.calls[0].value, result.isolation)
"""
LANDLOCK = "444"
SECCOMP = str(this_machine().number("seccomp")) if this_machine() else ""


def without(calls: str) -> list[str]:
    """What a sandbox says where these system calls do not exist."""
    command = [sys.executable, "-c", WITHOUT, str(PACKAGE), calls]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout.split()


@linux_layers
def test_every_forbidden_act_is_denied_here() -> None:
    """On a machine with all layers no probe succeeds, and the level is strong."""
    report = doctor_report()

    assert report.level == "strong"
    assert report.missing == ""
    assert set(report.acts.values()) == {"denied"}
    assert report.layers["seccomp"] == "on"


def test_probes_find_what_is_open() -> None:
    """Run outside the sandbox, the same probes succeed: they really attempt something."""
    code = (
        "import json, runpy, sys; print(json.dumps(runpy.run_path(sys.argv[1])['attempt_all']()))"
    )
    command = [sys.executable, "-I", "-c", code, str(PACKAGE / "sandbox" / "probes.py")]
    done = subprocess.run(command, capture_output=True, check=True, text=True).stdout

    for act in ("write_a_file", "read_a_file", "list_a_folder", "start_a_process", "send_by_udp"):
        assert f'"{act}": "done"' in done


@linux_layers
def test_without_landlock_no_file_can_be_opened() -> None:
    """The filter then denies every file, so only warm modules are left."""
    assert without(LANDLOCK) == ["no-files", "0", "2", "no-files"]


@linux_layers
def test_without_seccomp_isolation_is_weak_and_warned_about() -> None:
    """Weakness is measured, said once, and stands in every result."""
    assert without(SECCOMP) == ["weak", "1", "2", "weak"]


def test_on_an_unknown_machine_it_works_weakly(tmp_path: Path) -> None:
    """Without numbers of system calls: no filter, no zygote, and results all the same."""
    package = tmp_path / "pyx_dataset"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    table = package / "sandbox" / "syscalls.py"
    table.write_text(table.read_text().replace('"x86_64"', '"pdp11"').replace('"aarch64"', '"vax"'))
    code = WITHOUT[: WITHOUT.index("# A machine")] + WITHOUT[WITHOUT.index("with warnings") :]
    fill = """
        (result,) = box.run([Job("b", "def f(): return [0] * 10**9", ("f()",))])
        print(result.calls[0].outcome)
"""
    command = [sys.executable, "-c", code + fill, str(package), ""]
    said = subprocess.run(command, capture_output=True, check=True, text=True).stdout

    assert said.split() == ["weak", "1", "2", "weak", "out_of_memory"]


def test_too_weak_isolation_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requiring more than the machine gives is an error that names what is missing."""
    monkeypatch.setattr(pool, "LEVELS", ("perfect", *pool.LEVELS))

    with pytest.raises(SandboxError, match="required isolation perfect, found"):
        Sandbox(require="perfect")


def test_probe_lists_each_act() -> None:
    """Every act of the probe program is reported."""
    acts = probe()

    assert {"write_a_file", "connect_by_tcp", "start_a_process", "become_root"} <= acts.keys()


def test_environment_of_a_program_is_empty(box: Sandbox) -> None:
    """Nothing of this process's environment is there to be read."""
    code = textwrap.dedent("""
        import os
        def f():
            return sorted(name for name in os.environ if name != "LC_CTYPE")
        """)
    (result,) = box.run([pool.Job("a", code, ("f()",))])

    assert result.calls[0].value == "['PYTHONHASHSEED', 'TZ']"
