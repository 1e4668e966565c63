"""What is installed, and that its versions agree."""

import re
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pyx_dataset

ROOT = Path(__file__).parents[1]


def test_one_version_everywhere() -> None:
    """The package, the changelog's newest heading and the citation say the same."""
    changelog = re.search(r"^## \[?(\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text(), re.M)
    citation = re.search(r"^version: (.+)$", (ROOT / "CITATION.cff").read_text(), re.M)

    assert changelog
    assert citation
    assert pyx_dataset.__version__ == changelog[1] == citation[1]


def test_all_is_sorted_and_true() -> None:
    """Every public name exists."""
    assert list(pyx_dataset.__all__) == sorted(pyx_dataset.__all__)
    assert all(hasattr(pyx_dataset, name) for name in pyx_dataset.__all__)


def test_the_base_install_has_no_torch() -> None:
    """Importing the library, as `load_dataset("pyx")` needs it, imports no trainer's library."""
    code = "import sys, pyx_dataset; print(*{'torch', 'transformers', 'trl'} & set(sys.modules))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert shown.stdout.split() == []


def test_package_data_is_named() -> None:
    """Each file in the package that is not Python travels with the wheel."""
    config = ConfigParser()
    config.read(ROOT / "setup.cfg")
    patterns = config["options.package_data"]["pyx_dataset"].split()
    library = ROOT / "pyx_dataset"
    named = {path for pattern in patterns for path in library.glob(pattern)}
    found = {p for p in library.rglob("*") if p.is_file() and p.suffix not in {".py", ".pyc"}}

    assert found <= named
