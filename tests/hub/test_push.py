"""A built folder goes to a Hub and comes back, with the clients that users have."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pyx_dataset.export.features import FEATURES
from pyx_dataset.export.write import export
from pyx_dataset.store import dump
from tests.export.samples import RECORD, bundle
from tests.hub.loopback import TOKEN, LoopbackHub

pytestmark = pytest.mark.network
REPO = "tester/pyx"
LOADS_ALL = """
import json, sys
from datasets import get_dataset_config_names, load_dataset
found = {}
for config in get_dataset_config_names("tester/pyx"):
    plain = load_dataset("tester/pyx", config)
    streamed = load_dataset("tester/pyx", config, streaming=True)
    assert "pyx_dataset" not in sys.modules
    found[config] = {
        split: (rows.to_list(), list(streamed[split])) for split, rows in plain.items()
    }
json.dump(found, sys.stdout)
"""
"""Prints, for each config and split, its rows as loaded and as streamed; nothing of ours in it."""


@pytest.fixture
def hub() -> Iterator[LoopbackHub]:
    """An empty Hub."""
    with LoopbackHub() as hub:
        yield hub


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built folder of every config."""
    return built(tmp_path_factory.mktemp("built") / "pyx", 40)


def built(out: Path, programs: int) -> Path:
    numbers = export(lambda: (bundle(number) for number in range(1, programs)), out, RECORD)
    dump(out / "build.json", {**RECORD, **numbers})
    return out


def run(hub: LoopbackHub | None, home: Path, *command: str, **changes: str) -> Any:
    """A command of a user whose Hub is `hub`; None stands for one that nobody answers at."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith("HF_")}
    environment |= {
        "HF_ENDPOINT": hub.endpoint if hub else "http://127.0.0.1:9",
        "HF_TOKEN": TOKEN,
        "HF_HUB_DISABLE_XET": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_HOME": str(home),
    }
    return subprocess.run(
        command, env=environment | changes, capture_output=True, text=True, check=False, timeout=120
    )


def pyx(hub: LoopbackHub | None, home: Path, *arguments: str, **changes: str) -> Any:
    """The `pyx` command."""
    main = "from pyx_dataset.cli import main; main()"
    return run(hub, home, sys.executable, "-c", main, *arguments, **changes)


def test_every_config_comes_back_plain_and_streaming(
    hub: LoopbackHub, folder: Path, tmp_path: Path
) -> None:
    """`load_dataset` of a process that has nothing of ours, against pyarrow on the folder."""
    pushed = pyx(hub, tmp_path, "push", str(folder), REPO)
    assert pushed.returncode == 0, pushed.stderr
    loaded = run(hub, tmp_path, sys.executable, "-I", "-c", LOADS_ALL)
    assert loaded.returncode == 0, loaded.stderr[-2000:]
    found = json.loads(loaded.stdout)

    assert found.keys() == FEATURES.keys()
    for config, splits in found.items():
        for split, (plain, streamed) in splits.items():
            files = sorted((folder / config).glob(f"{split}-*.parquet"))
            rows = [row for file in files for row in pq.read_table(file).to_pylist()]

            assert json.loads(json.dumps(rows)) == plain == streamed


def test_the_card_names_the_repository(hub: LoopbackHub, folder: Path, tmp_path: Path) -> None:
    """The line that people copy works as it stands."""
    pyx(hub, tmp_path, "push", str(folder), REPO)
    _, files = hub.files(REPO, "main")

    assert b'load_dataset("tester/pyx", "forward")' in hub.blobs[files["README.md"]]


def test_what_was_broken_off_is_not_sent_again(
    hub: LoopbackHub, folder: Path, tmp_path: Path
) -> None:
    """The second attempt sends the rest; in between nobody sees half a data set."""
    hub.breaks_after = 5
    broken = pyx(hub, tmp_path, "push", str(folder), REPO)
    _, between = hub.files(REPO, "main")
    hub.breaks_after, hub.log[:] = None, []
    again = pyx(hub, tmp_path, "push", str(folder), REPO)
    files = len(list(folder.glob("*/*.parquet")))
    distinct = len({path.read_bytes() for path in folder.glob("*/*.parquet")})

    assert broken.returncode == 2
    assert "The same command sends what is missing" in " ".join(broken.stderr.split())
    assert between == {}
    assert again.returncode == 0, again.stderr
    assert sum(line.startswith("PUT") for line in hub.log) == distinct - 5
    assert sum(path.endswith(".parquet") for path in hub.files(REPO, "main")[1]) == files


def test_a_later_build_replaces_an_earlier_one(
    hub: LoopbackHub, folder: Path, tmp_path: Path
) -> None:
    """Shards that the later one does not have are gone, in one commit."""
    pyx(hub, tmp_path, "push", str(folder), REPO)
    stray = hub.files(REPO, "main")[1]
    stray["forward/train-00001-of-00002.parquet"] = stray["build.json"]
    smaller = built(tmp_path / "pyx", 20)
    before = len(hub.repos[REPO].commits)
    pyx(hub, tmp_path, "push", str(smaller), REPO)

    assert len(hub.repos[REPO].commits) == before + 1
    assert hub.files(REPO, "main")[1].keys() == {
        str(path.relative_to(smaller)) for path in smaller.rglob("*") if path.is_file()
    }


def test_a_revision_is_a_branch_of_its_own(hub: LoopbackHub, folder: Path, tmp_path: Path) -> None:
    """The main one stays as it was."""
    pushed = pyx(hub, tmp_path, "push", str(folder), REPO, "--revision", "v1", "--private")

    assert pushed.returncode == 0, pushed.stderr
    assert hub.repos[REPO].private
    assert hub.files(REPO, "main")[1] == {}
    assert "build.json" in hub.files(REPO, "v1")[1]


def test_a_dry_run_asks_nobody(folder: Path, tmp_path: Path) -> None:
    """It prints every file with its size, without a Hub and without a token."""
    printed = pyx(None, tmp_path, "push", str(folder), REPO, "--dry-run", HF_TOKEN="")

    assert printed.returncode == 0, printed.stderr
    for path in folder.rglob("*.parquet"):
        assert str(path.relative_to(folder)) in printed.stdout


@pytest.mark.parametrize(
    ("repo", "token", "options", "says"),
    [
        ("tester/pyx", "", (), "no Hub token; `hf auth login`"),
        ("tester/pyx", "hf_wrong", (), "does not know this token"),
        ("somebody/pyx", TOKEN, (), "may not write to somebody/pyx"),
        ("pyx", TOKEN, (), "write ORG/NAME"),
        ("tester/taken", TOKEN, (), "is not a build of ours; give another name"),
        ("tester/open", TOKEN, ("--private",), "exists and is public"),
    ],
)
def test_what_cannot_be_pushed_is_said_in_one_sentence(
    hub: LoopbackHub, folder: Path, tmp_path: Path,
    repo: str, token: str, options: tuple[str, ...], says: str,
) -> None:  # fmt: skip
    """Exit code 2, the reason and what to do, and nothing was changed."""
    from tests.hub.loopback import Repo

    for name, files in {"tester/taken": {"theirs.parquet": "0"}, "tester/open": {}}.items():
        hub.repos[name] = Repo(name, private=False)
        hub.repos[name].commit("main", files)
    before = {name: dict(item.commits) for name, item in hub.repos.items()}

    refused = pyx(hub, tmp_path, "push", str(folder), repo, *options, HF_TOKEN=token)

    assert refused.returncode == 2
    assert says in " ".join(refused.stderr.split())
    assert "Traceback" not in refused.stderr
    assert {name: dict(item.commits) for name, item in hub.repos.items()} == before


def test_no_network_is_said(folder: Path, tmp_path: Path) -> None:
    """With the address that was tried."""
    refused = pyx(None, tmp_path, "push", str(folder), REPO)

    assert refused.returncode == 2
    assert "cannot reach the Hub at http://127.0.0.1:9" in " ".join(refused.stderr.split())


def test_a_folder_that_is_no_build_is_not_pushed(tmp_path: Path) -> None:
    """The message says what makes one."""
    refused = pyx(None, tmp_path, "push", str(tmp_path), REPO)

    assert refused.returncode == 2
    assert "`pyx build` makes one" in " ".join(refused.stderr.split())
