"""The scores in a model's card."""

from pathlib import Path

from pyx_dataset.errors import InputError
from pyx_dataset.store import write_text

SCORES = "## Scores"
"""The heading that the trainers' cards keep for them."""


def write_scores(folder: Path, text: str) -> None:
    """
    Put `text` under the heading `SCORES` of ``README.md``, in place of what stood there.

    A card without the heading gets it at its end.

    Raises:
        InputError: `folder` has no card.
    """
    path = folder / "README.md"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as exc:
        raise InputError(
            f"no model card {path} ({exc.strerror}); give the folder of a trained model"
        ) from exc
    if SCORES not in lines:
        lines += ["", SCORES]
    start = lines.index(SCORES) + 1
    rest = range(start, len(lines))
    end = next((place for place in rest if lines[place].startswith(("# ", "## "))), len(lines))
    write_text(
        path, "\n".join([*lines[:start], "", text.rstrip(), "", *lines[end:]]).rstrip() + "\n"
    )
