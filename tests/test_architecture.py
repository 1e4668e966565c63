"""The promises of the layout, as code."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LIBRARY = ROOT / "pyx_dataset"
STAGES = ["seeds", "teacher", "inputs", "monologues", "debugging", "filters", "export"]
GROUND = ["sandbox", "traces"]
CHILD_SIDE = [
    *(
        f"sandbox/{name}.py"
        for name in (
            "worker",
            "supervise",
            "zygote",
            "surroundings",
            "processors",
            "program",
            "exchange",
            "frames",
            "probes",
            "landlock",
            "seccomp",
            "syscalls",
            "limits",
        )
    ),
    *(
        f"traces/{name}.py"
        for name in (
            "tracer",
            "visit",
            "recording",
            "endings",
            "effects",
            "memory",
            "lines",
            "values",
            "shapes",
            "rewrite",
            "nodes",
            "spans",
            "parts",
        )
    ),
]
FOLDERS = ("pyx_dataset", "trainers", "evaluation")
SOURCES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))


def imports(path: Path) -> set[str]:
    """Full names of all that a file imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def within(path: Path, packages: list[str]) -> list[str]:
    """What `path` imports from `packages` of the library."""
    prefixes = tuple(f"pyx_dataset.{package}" for package in packages)
    return sorted(name for name in imports(path) if name.startswith(prefixes))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_outgrows_a_sitting(path: Path) -> None:
    """300 lines at most."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


@pytest.mark.parametrize("stage", STAGES)
def test_stages_do_not_know_each_other(stage: str) -> None:
    """Only modules at the top of the library join stages."""
    others = [other for other in [*STAGES, *GROUND] if other != stage]
    for path in (LIBRARY / stage).rglob("*.py"):
        assert not within(path, others), path


def test_the_ground_knows_no_stage() -> None:
    """Sandbox and traces stand under every stage and import none."""
    for package in GROUND:
        for path in (LIBRARY / package).rglob("*.py"):
            assert not within(path, STAGES), path


def test_the_library_imports_no_trainer_and_no_torch() -> None:
    """Data and scores never need what trains."""
    banned = ("torch", "transformers", "trl", "trainers", "evaluation", "ctranslate2")
    for path in LIBRARY.rglob("*.py"):
        assert not [name for name in imports(path) if name.split(".")[0] in banned], path


def test_trainers_and_evaluation_take_only_the_public_parts() -> None:
    """Grading, layout and records; everything else comes from the published rows."""
    allowed = ("pyx_dataset.answers", "pyx_dataset.grading", "pyx_dataset.layout",
               "pyx_dataset.faithfulness", "pyx_dataset.published", "pyx_dataset.traces.render",
               "pyx_dataset.schema", "pyx_dataset.errors", "pyx_dataset.store",
               "pyx_dataset.Sandbox", "pyx_dataset.sandbox.judge")  # fmt: skip
    for folder in ("trainers", "evaluation"):
        for path in (ROOT / folder).rglob("*.py"):
            ours = {name for name in imports(path) if name.startswith("pyx_dataset.")}
            assert not [name for name in ours if not name.startswith(allowed)], path


@pytest.mark.parametrize("name", CHILD_SIDE)
def test_child_side_code_needs_nothing_but_python(name: str) -> None:
    """The sandboxed process imports the standard library and its own neighbours."""
    import sys

    neighbours = tuple(
        f"pyx_dataset.{item.removesuffix('.py').replace('/', '.')}" for item in CHILD_SIDE
    )
    packages = ("pyx_dataset.sandbox", "pyx_dataset.traces")
    for item in imports(LIBRARY / name):
        standard = item.split(".")[0] in sys.stdlib_module_names
        assert standard or item.startswith(neighbours) or item in packages, item


def test_no_name_says_nothing() -> None:
    """No `utils.py`, and no file that shadows a library."""
    vague = {
        "utils",
        "util",
        "helpers",
        "common",
        "misc",
        "manager",
        "datasets",
        "evaluate",
        "trace",
        "resource",
    }
    assert not [path for path in SOURCES if path.stem in vague]
    assert not (LIBRARY / "pyx_dataset.py").exists()  # load_dataset would take it for a script
