"""The shipped configs."""

import configparser
import re
from pathlib import Path

import pytest

from pyx_dataset.config import load_config

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", ["quickstart", "small", "full"])
def test_every_package_of_a_shipped_config_is_in_an_extra(name: str) -> None:
    """So `pip install pyx-dataset[...]` is all that a build needs."""
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    extras = setup["options.extras_require"]
    listed = extras["seeds"] + (extras["seeds-more"] if name != "quickstart" else "")
    installed = set(re.findall(r"^([\w-]+)", listed, re.MULTILINE)) | {"stdlib"}
    config = load_config(name)

    assert {
        spec.removeprefix("package:") for spec in config.seeds if spec.startswith("package:")
    } <= installed


def test_a_larger_config_holds_all_of_a_smaller_one() -> None:
    """Whoever moves up loses no source."""
    packages = [
        {spec for spec in load_config(name).seeds if spec.startswith("package:")}
        for name in ("quickstart", "small", "full")
    ]

    assert packages[0] < packages[1] < packages[2]
