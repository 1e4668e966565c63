"""Licences, held against the texts that installed distributions carry."""

import importlib.metadata

import pytest

from pyx_dataset.config import BuildConfig
from pyx_dataset.seeds.licenses import (
    accepted,
    license_of_distribution,
    license_of_names,
    license_of_text,
)


@pytest.mark.parametrize(
    ("name", "spdx"),
    [
        ("toolz", "BSD-3-Clause"),
        ("boltons", "BSD-3-Clause"),
        ("inflection", "MIT"),
        ("pydash", "MIT"),
        ("algorithms", "MIT"),
        ("more-itertools", "MIT"),
        ("convertdate", "MIT"),
        ("ecdsa", "MIT"),
        ("eulerlib", "Apache-2.0"),
        ("fastcore", "Apache-2.0"),
        ("fonttools", "MIT"),
        ("funcy", "BSD-3-Clause"),
        ("jinja2", "BSD-3-Clause"),
        ("labmath", "MIT"),
        ("markdown-it-py", "MIT"),
        ("mpmath", "BSD-3-Clause"),
        ("nltk", "Apache-2.0"),
        ("packaging", "Apache-2.0 OR BSD-2-Clause"),
        ("pygments", "BSD-2-Clause"),
        ("pygorithm", "MIT"),
        ("python-benedict", "MIT"),
        ("rsa", "Apache-2.0"),
        ("tabulate", "MIT"),
        ("ubelt", "Apache-2.0"),
    ],
)
def test_the_licence_of_a_distribution_is_spdx(name: str, spdx: str) -> None:
    """From the expression, the older fields or, where those say only "BSD", from the text."""
    assert license_of_distribution(importlib.metadata.distribution(name)) == spdx


def test_a_text_that_is_not_known_is_no_licence() -> None:
    """Better no row than a row under a guess."""
    assert license_of_text("You may look at this, but not touch it.") is None


@pytest.mark.parametrize(
    ("spdx", "taken"),
    [
        ("MIT", "MIT"),
        ("GPL-3.0 OR MIT", "GPL-3.0 OR MIT"),
        ("Apache-2.0 AND MIT", "Apache-2.0 AND MIT"),
        ("GPL-3.0 AND MIT", None),
        ("GPL-3.0", None),
        ("", None),
    ],
)
def test_one_of_several_licences_or_all_of_them(spdx: str, taken: str | None) -> None:
    """As SPDX means ``OR`` and ``AND``; nothing stated is nothing allowed."""
    assert accepted(spdx, BuildConfig(seeds=("files:x",))) == taken


def test_a_licence_named_only_by_an_old_field_is_known() -> None:
    """Some distributions write "Apache 2"; a bare "Apache" does not say which."""
    assert license_of_names(["Apache 2"]) == "Apache-2.0"
    assert license_of_names(["Apache"]) is None
