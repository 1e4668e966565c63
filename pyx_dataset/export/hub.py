"""Publish a built folder: one commit that holds all of it, or none."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi
from huggingface_hub.errors import (
    HfHubHTTPError,
    HFValidationError,
    HTTPError,
    LocalTokenNotFoundError,
    OfflineModeIsEnabled,
)

from pyx_dataset.errors import InputError
from pyx_dataset.store import load

PLACEHOLDER = "PATH-OR-REPOSITORY"
"""What a card says for the name of the data set, until it has one."""
_KEPT = {".gitattributes", "README.md"}
"""Files that a repository may hold without being somebody's work."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One file to send."""

    path: str
    """Inside the repository."""
    file: Path
    bytes: int


def parcels(folder: Path) -> list[Parcel]:
    """
    What `push` sends of `folder`, in order: the card, the record, the rows, what was dropped.

    Raises:
        InputError: `folder` holds no finished build.
    """
    if not (folder / "build.json").is_file():
        raise InputError(
            f"{folder} is not a finished PYX data set: it has no build.json; `pyx build` makes one"
        )
    counts = load(folder / "build.json")["counts"]
    files = [folder / "README.md", folder / "build.json"]
    for config in counts:
        files += sorted((folder / config).glob("*.parquet"))
    files += sorted((folder / "plots").glob("*.png")) + sorted((folder / "rejected").glob("*"))
    return [Parcel(str(file.relative_to(folder)), file, file.stat().st_size) for file in files]


def push(
    folder: Path, repo: str, *, private: bool = False, revision: str | None = None
) -> tuple[str, str]:
    """
    Send a built folder to the data set repository `repo`, which is made if it does not exist.

    Files that arrived in an attempt that was broken off are not sent again. Files of an earlier
    build that this one does not have are removed in the same commit.

    Args:
        folder: What ``pyx build`` made.
        repo: ``ORG/NAME``.
        private: Make it private; a repository that is public already is an error.
        revision: A branch, made if it does not exist; the main one by default.

    Returns:
        The address of the data set and the hash of the commit.

    Raises:
        InputError: no finished build, no token, no right to write, a name that somebody else's
            data has, or no Hub to be reached; the message says what to do.
    """
    sent = parcels(folder)
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", repo):
        raise InputError(f"{repo!r} is no name of a repository; write ORG/NAME")
    api = HfApi()
    try:
        _check_token(api)
        url = api.create_repo(repo, repo_type="dataset", private=private or None, exist_ok=True)
        _check_place(api, repo, private)
        if revision:
            api.create_branch(repo, branch=revision, repo_type="dataset", exist_ok=True)
        there = set(api.list_repo_files(repo, repo_type="dataset", revision=revision))
        stale = there - {parcel.path for parcel in sent} - _KEPT
        done = api.create_commit(
            repo,
            [*map(_operation(repo), sent), *map(CommitOperationDelete, sorted(stale))],
            commit_message=f"PYX {load(folder / 'build.json')['pyx_version']}",
            repo_type="dataset",
            revision=revision,
        )
    except LocalTokenNotFoundError as exc:
        raise InputError("no Hub token; `hf auth login` stores one, or set HF_TOKEN") from exc
    except HFValidationError as exc:
        raise InputError(f"{repo!r} is no name of a repository: {exc}") from exc
    except HfHubHTTPError as exc:
        raise InputError(_refusal(repo, api.endpoint, exc)) from exc
    except RuntimeError as exc:  # what the client makes of an upload that was broken off
        raise InputError(f"{exc} The same command sends what is missing") from exc
    except (HTTPError, OfflineModeIsEnabled, OSError) as exc:
        reason = str(exc).strip().split("\n")[0]
        raise InputError(f"cannot reach the Hub at {api.endpoint}: {reason}") from exc
    return str(url), done.oid


def _operation(repo: str) -> Any:
    def add(parcel: Parcel) -> CommitOperationAdd:
        content: Path | bytes = parcel.file
        if parcel.path == "README.md":
            card = parcel.file.read_text(encoding="utf-8")
            content = card.replace(PLACEHOLDER, repo).encode()
        return CommitOperationAdd(parcel.path, content)

    return add


def _check_token(api: HfApi) -> None:
    """Say that there is no token, or a wrong one, before anything is made."""
    try:
        api.whoami()
    except HfHubHTTPError as exc:
        if exc.response is not None and exc.response.status_code == 401:
            raise InputError(
                f"the Hub at {api.endpoint} does not know this token; "
                "`hf auth login` stores another"
            ) from exc
        raise


def _check_place(api: HfApi, repo: str, private: bool) -> None:
    """Nobody else's data is overwritten, and nothing private becomes public."""
    info = api.dataset_info(repo)
    names = {item.rfilename for item in info.siblings or []}
    if names - _KEPT and "build.json" not in names:
        raise InputError(
            f"{repo} exists and holds something that is not a build of ours; give another name"
        )
    if private and not info.private:
        raise InputError(
            f"{repo} exists and is public; make it private on the Hub, or push without --private"
        )


def _refusal(repo: str, endpoint: str, exc: HfHubHTTPError) -> str:
    status = exc.response.status_code if exc.response is not None else 0
    said = (exc.server_message or str(exc)).strip().split("\n")[0]
    if status in (401, 403):
        return f"this token may not write to {repo} at {endpoint}: {said}"
    return f"the Hub at {endpoint} refused {repo} with status {status}: {said}"
