"""Every answer that was paid for, in a file that a killed build leaves whole."""

import sqlite3
from pathlib import Path
from typing import Self

from pyx_dataset.errors import StoreError
from pyx_dataset.teacher.protocol import Answer

_TABLE = """
CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY, model TEXT, task TEXT, text TEXT,
    tokens_in INTEGER, tokens_out INTEGER, is_cut INTEGER, error TEXT
) WITHOUT ROWID
"""


class Answers:
    """
    Answers by key, in one SQLite file. Each is on disk before `put` returns.

    Several builds may use one file, at the same time too.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._base = sqlite3.connect(file, timeout=60, isolation_level=None)
            self._base.execute("PRAGMA journal_mode = WAL")
            self._base.execute("PRAGMA synchronous = FULL")
            self._base.execute(_TABLE)
        except (OSError, sqlite3.Error) as exc:
            raise self._trouble(exc) from exc

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._base.close()

    def get(self, key: str) -> Answer | None:
        """The answer under `key`, if there is one."""
        try:
            row = self._base.execute(
                "SELECT text, tokens_in, tokens_out, is_cut, error FROM answers WHERE key = ?",
                (key,),
            ).fetchone()
        except sqlite3.Error as exc:
            raise self._trouble(exc) from exc
        return Answer(row[0], row[1], row[2], bool(row[3]), row[4]) if row else None

    def knows(self, model: str) -> bool:
        """Whether there is any answer of `model`."""
        found = self._base.execute("SELECT 1 FROM answers WHERE model = ? LIMIT 1", (model,))
        return found.fetchone() is not None

    def put(self, key: str, model: str, task: str, answer: Answer) -> None:
        """Keep `answer`; one that is there already stays, for rows were made from it."""
        values = (key, model, task, answer.text, answer.tokens_in, answer.tokens_out,
                  answer.is_cut, answer.error)  # fmt: skip
        try:
            self._base.execute(f"INSERT OR IGNORE INTO answers VALUES ({'?, ' * 7}?)", values)  # noqa: S608  (no value in it)
        except sqlite3.Error as exc:
            raise self._trouble(exc) from exc

    def __len__(self) -> int:
        return int(self._base.execute("SELECT count(*) FROM answers").fetchone()[0])

    def _trouble(self, exc: Exception) -> StoreError:
        return StoreError(
            f"the answers in {self._file} cannot be read or kept ({exc}); "
            f"give another file with --answers, or restore this one"
        )
