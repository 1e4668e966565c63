"""The teacher that a config speaks of, opened where there is one to open."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pyx_dataset.errors import InputError
from pyx_dataset.lessons import NARRATOR
from pyx_dataset.teacher.protocol import Teacher
from pyx_dataset.teacher.settings import TeacherConfig

_log = logging.getLogger(__name__)


@contextmanager
def open_teacher(
    config: TeacherConfig, answers: Path, environment: Mapping[str, str]
) -> Iterator[Teacher | None]:
    """
    The model that `config` names, None for the narrator; at the end its totals are logged.

    Args:
        config: Whom to ask.
        answers: The file that keeps every answer.
        environment: Where the key is.

    Raises:
        ConfigError: the config leaves out what it takes to ask.
        TeacherError: there is no such server, or it does not serve the model.
        InputError: the extra that asking takes is not installed.
    """
    if config.kind == NARRATOR:
        yield None
        return
    try:
        from pyx_dataset.teacher.endpoint import Endpoint
    except ModuleNotFoundError as exc:
        raise InputError(
            f'asking a model takes {exc.name}: pip install "pyx-dataset[teacher]"'
        ) from exc
    with Endpoint(config, answers, environment) as teacher:
        try:
            yield teacher
        finally:
            _log.warning("%s: %s; kept in %s", teacher.name, teacher.budget, answers)
