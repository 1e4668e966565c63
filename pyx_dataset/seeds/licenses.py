"""Which licence a piece of code is under, as SPDX, or that we cannot tell."""

import re
from collections.abc import Iterable
from importlib.metadata import Distribution

from pyx_dataset.config import BuildConfig

SPDX_NAMES = {
    "mit": "MIT",
    "mit license": "MIT",
    "the mit license": "MIT",
    "the mit license (mit)": "MIT",
    "bsd-2-clause": "BSD-2-Clause",
    "bsd 2-clause license": "BSD-2-Clause",
    "bsd-3-clause": "BSD-3-Clause",
    "bsd 3-clause": "BSD-3-Clause",
    "bsd 3-clause license": "BSD-3-Clause",
    "new bsd license": "BSD-3-Clause",
    "apache-2.0": "Apache-2.0",
    "apache 2": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "psf-2.0": "PSF-2.0",
    "isc": "ISC",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "0bsd": "0BSD",
    "mpl-2.0": "MPL-2.0",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
}
"""Names in use, in lower case. A bare "BSD" is none: it does not say which."""

LICENSE_FILE = re.compile(r"^(licen[cs]e|copying)(\.(txt|md|rst))?$", re.IGNORECASE)


UNKNOWN = "unknown"
"""Written where nobody states a licence and the user takes the code all the same."""


def accepted(spdx: str | None, config: BuildConfig) -> str | None:
    """
    The licence to write down for code under `spdx`; None if such code is not to be taken.

    Of licences joined by ``OR`` one must be on the list, of those joined by ``AND`` all.
    """
    if not spdx:
        return UNKNOWN if config.unlicensed == "mark" else None
    choices = (choice.split(" AND ") for choice in spdx.strip("()").split(" OR "))
    return spdx if any(set(parts) <= set(config.licenses) for parts in choices) else None


def license_of_distribution(distribution: Distribution) -> str | None:
    """Read ``License-Expression``, else ``License``, the classifiers and the licence file."""
    metadata = distribution.metadata
    if expression := metadata["License-Expression"]:
        return expression
    names = [metadata["License"] or ""]
    names += [
        item.rpartition("::")[2]
        for item in metadata.get_all("Classifier") or []
        if item.startswith("License ::")
    ]
    if known := license_of_names(names):
        return known
    for file in distribution.files or []:
        if LICENSE_FILE.match(file.name) and ".dist-info" in str(file.parent):
            return license_of_text(file.read_text())
    return None


def license_of_names(names: Iterable[str]) -> str | None:
    """
    The first name that is known, as SPDX.

    >>> license_of_names(["", "MIT License"])
    'MIT'
    """
    return next(
        (SPDX_NAMES[key] for name in names if (key := name.strip().lower()) in SPDX_NAMES), None
    )


def license_of_text(text: str) -> str | None:
    """Recognise the text of a licence by sentences that only it has."""
    words = " ".join(text.split()).lower()
    if "redistribution and use in source and binary forms" in words:
        has_third = re.search(r"neither the names? |names of (the|its) contributors may not", words)
        return "BSD-3-Clause" if has_third else "BSD-2-Clause"
    sentences = {
        "permission is hereby granted, free of charge, to any person obtaining a copy": "MIT",
        "permission to use, copy, modify, and/or distribute this software for any": "ISC",
        "apache license version 2.0": "Apache-2.0",
        "python software foundation license version 2": "PSF-2.0",
    }
    found = next((spdx for sentence, spdx in sentences.items() if sentence in words), None)
    if found == "ISC" and "provided that the above copyright notice" not in words:
        return "0BSD"
    return found


def license_of_source(text: str) -> str | None:
    """The ``SPDX-License-Identifier`` of a source file."""
    match = re.search(r"^#.*SPDX-License-Identifier:\s*(\S.*?)\s*$", text, re.MULTILINE)
    return match.group(1) if match else None
