"""How a worker begins: run as a file, by ``python -s -S -P bootstrap.py``, never imported.

`pyx_dataset` is made a bare package here, so that the libraries which its ``__init__`` imports
stay out of the process that runs programs.
"""

import sys
from pathlib import Path
from types import ModuleType


def main() -> None:
    """Import the worker and hand over to it."""
    package = ModuleType("pyx_dataset")
    package.__path__ = [str(Path(__file__).resolve().parent.parent)]
    sys.modules["pyx_dataset"] = package
    from pyx_dataset.sandbox import worker

    # Programs find no trace of us: to them there is only the standard library.
    for name in [name for name in sys.modules if name.partition(".")[0] == "pyx_dataset"]:
        del sys.modules[name]
    worker.main()


if __name__ == "__main__":
    main()
