"""The whole build on a folder of four small functions."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pyx_dataset.config import BuildConfig
from pyx_dataset.errors import InputError, StoreError
from pyx_dataset.pipeline import build
from pyx_dataset.store import load, locked

SEEDS = '''# SPDX-License-Identifier: MIT
"""Four functions."""


def running_total(numbers):
    """Sums so far.

    >>> running_total([1, 2, 3])
    [1, 3, 6]
    """
    total = 0
    sums = []
    for number in numbers:
        total += number
        sums.append(total)
    return sums


def initials(name):
    """First letter of each word, in upper case.

    >>> initials("ada lovelace")
    'AL'
    """
    letters = ""
    for word in name.split():
        letters += word[0].upper()
    return letters


def clamp(value, low, high):
    """The nearest value within bounds.

    >>> clamp(12, 0, 10)
    10
    """
    if value < low:
        return low
    if value > high:
        return high
    return value


def order_of_a_set(words):
    """Depends on the hash seed.

    >>> order_of_a_set(["pear", "fig", "plum", "kiwi"])
    ['pear', 'fig', 'plum', 'kiwi']
    """
    seen = set(words)
    kept = list(seen)
    return kept
'''


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one source file."""
    folder = tmp_path_factory.mktemp("seeds")
    (folder / "four.py").write_text(SEEDS)
    return folder


def config(seeds: Path) -> BuildConfig:
    return BuildConfig(seeds=(f"files:{seeds}",), max_proposals=40, shard_programs=1)


@pytest.fixture(scope="module")
def built(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished build, made by one worker."""
    out = tmp_path_factory.mktemp("build") / "pyx"
    build(config(seeds), out)
    return out


def digest(folder: Path) -> dict[str, str]:
    """A fingerprint of every published file."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".build" not in path.parts
    }


def test_every_published_value_is_what_cpython_returns(built: Path) -> None:
    """Each execution row, run again by this interpreter without our engine."""
    from datasets import load_dataset

    rows = [
        row
        for split in load_dataset(str(built), "executions").values()
        for row in split
        if row["outcome"] == "returned"
    ]
    for row in rows:
        namespace: dict[str, object] = {}
        exec(row["code"], namespace)
        assert repr(eval(row["call"], namespace)) == row["value"]

    assert len(rows) >= 12


def test_what_depends_on_the_hash_seed_is_dropped_with_its_reason(built: Path) -> None:
    """A list made from a set of strings has no one right value."""
    record = load(built / "build.json")

    assert record["counts"]["programs"]["train"] + record["counts"]["programs"]["test"] <= 3
    assert set(record["rejected"]) & {"executions", "programs"}
    assert "order_of_a_set" not in "".join(p.read_text() for p in built.glob("*.md"))


def test_two_workers_give_the_bytes_of_one(seeds: Path, built: Path, tmp_path: Path) -> None:
    """Workers change the time and nothing else."""
    build(config(seeds), tmp_path / "pyx", workers=2)

    assert digest(tmp_path / "pyx") == digest(built)


def test_building_again_does_nothing(seeds: Path, built: Path) -> None:
    """The same command on a finished build leaves every file as it was."""
    before = {path: path.stat().st_mtime_ns for path in built.rglob("*.parquet")}
    report = build(config(seeds), built)

    assert not report.is_fresh
    assert {path: path.stat().st_mtime_ns for path in built.rglob("*.parquet")} == before


@pytest.mark.parametrize(("asked", "kept"), [([], 1), (["--programs", "0"], 2)])
def test_a_limit_of_no_programs_is_no_limit(
    seeds: Path, tmp_path: Path, asked: list[str], kept: int
) -> None:
    """The settings stop after one program; the command line takes both that survive."""
    settings = tmp_path / "settings.toml"
    settings.write_text(
        f'seeds = ["files:{seeds}"]\nmax_proposals = 40\nshard_programs = 1\nprograms = 1\n'
    )
    code = "from pyx_dataset.cli import main; main()"
    command = [sys.executable, "-c", code, "build", "--config", str(settings), *asked]
    subprocess.run([*command, "--out", str(tmp_path / "pyx")], check=True, capture_output=True)
    assert sum(load(tmp_path / "pyx" / "build.json")["counts"]["programs"].values()) == kept


def test_a_killed_build_resumes_to_the_same_bytes(seeds: Path, built: Path, tmp_path: Path) -> None:
    """SIGKILL as soon as the first shard exists; the rest is made by the same call."""
    out = tmp_path / "pyx"
    code = (
        "import sys; from pathlib import Path; from pyx_dataset.config import BuildConfig\n"
        "from pyx_dataset.pipeline import build\n"
        "build(BuildConfig(seeds=('files:' + sys.argv[1],), max_proposals=40, shard_programs=1),"
        " Path(sys.argv[2]))"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(seeds), str(out)])
    while process.poll() is None and not list(out.glob(".build/shard-*")):
        pass
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    build(config(seeds), out)

    assert digest(out) == digest(built)


def test_a_killed_worker_is_said_and_the_build_goes_on(
    seeds: Path, built: Path, tmp_path: Path
) -> None:
    """One sentence and exit code 2, as when memory runs out; the same command then finishes."""
    out = tmp_path / "pyx"
    settings = tmp_path / "settings.toml"
    settings.write_text(f'seeds = ["files:{seeds}"]\nmax_proposals = 40\nshard_programs = 1\n')
    code = "import sys; from pyx_dataset.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", code, "build", "--config", str(settings), "--out", str(out)]
    process = subprocess.Popen([*command, "--workers", "2"], stderr=subprocess.PIPE, text=True)
    while process.poll() is None and not list(out.glob(".build/shard-*")):
        pass
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    workers = [
        pid for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]
    os.kill(int(workers[0]), signal.SIGKILL)
    _, said = process.communicate()
    assert process.returncode == 2
    assert "a worker process was killed" in said
    assert "Traceback" not in said
    build(config(seeds), out)
    assert digest(out) == digest(built)


@pytest.mark.parametrize(
    "name", [".build/shard-00001.json.gz", "executions/train-*.parquet", "README.md", "build.json"]
)
@pytest.mark.parametrize("harm", ["cut", "changed", "gone"])
def test_what_was_damaged_by_hand_is_found_and_made_again(
    seeds: Path, built: Path, tmp_path: Path, name: str, harm: str
) -> None:
    """A shard, rows, the card or the record: the same command mends them."""
    out = tmp_path / "pyx"
    shutil.copytree(built, out)
    (victim,) = out.glob(name)
    content = victim.read_bytes()
    middle = len(content) // 2
    if harm == "gone":
        victim.unlink()
    else:
        tail = b"" if harm == "cut" else bytes([content[middle] ^ 1]) + content[middle + 1 :]
        victim.write_bytes(content[:middle] + tail)
    if name.startswith(".build"):  # read again only where the rows are to be made again
        (out / "build.json").unlink()
    report = build(config(seeds), out)

    assert report.is_fresh
    assert digest(out) == digest(built)


def test_what_a_killed_build_left_half_written_is_removed(
    seeds: Path, built: Path, tmp_path: Path
) -> None:
    """Scratch files of a process that is no more, wherever they lie."""
    out = tmp_path / "pyx"
    shutil.copytree(built, out)
    (out / ".export.99.part" / "forward").mkdir(parents=True)
    (out / ".build" / ".shard-00000.json.gz.99.part").touch()
    build(config(seeds), out)

    assert not list(out.rglob("*.part"))


def test_a_full_disk_is_one_error_and_no_half_file(seeds: Path, tmp_path: Path) -> None:
    """On a file system of a few kilobytes; with room again the same command finishes."""
    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(small)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may make a file system")
    try:
        with pytest.raises(StoreError, match=r"cannot write .*No space left on device"):
            build(config(seeds), small / "pyx")

        assert not list((small / "pyx").rglob("*.parquet"))
        assert not list((small / "pyx").rglob("*.part"))
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_two_builds_do_not_share_a_folder(seeds: Path, tmp_path: Path) -> None:
    """The second says so and stops; the first is not disturbed."""
    out = tmp_path / "pyx"
    with locked(out / ".build"), pytest.raises(StoreError, match="another build is writing"):
        build(config(seeds), out)

    assert not list(out.rglob("*.parquet"))


def test_another_config_does_not_mix_into_a_build(seeds: Path, built: Path) -> None:
    """Said in one sentence, and nothing is touched."""
    other = config(seeds).with_changes(seed=1)
    with pytest.raises(StoreError, match="holds another build"):
        build(other, built)


def test_a_source_that_changed_does_not_mix_into_a_build(tmp_path: Path) -> None:
    """The shards of the old source are not finished with programs of the new one."""
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "four.py").write_text(SEEDS)
    build(config(tmp_path / "seeds"), tmp_path / "pyx")
    (tmp_path / "seeds" / "four.py").write_text(SEEDS.replace("total = 0", "total = 1"))

    with pytest.raises(StoreError, match="holds another build"):
        build(config(tmp_path / "seeds"), tmp_path / "pyx")


def test_no_program_left_is_an_error_that_says_why(tmp_path: Path) -> None:
    """An empty data set is never written."""
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "one.py").write_text("def f(x):\n    pass\n")
    with pytest.raises(InputError, match=r"no program of .* survived"):
        build(config(tmp_path / "seeds"), tmp_path / "pyx")

    assert not list((tmp_path / "pyx").glob("*.md"))


def test_a_program_that_does_not_load_is_named_so(tmp_path: Path) -> None:
    """Its definitions raise: that is not the fault of the calls."""
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "one.py").write_text(
        "# SPDX-License-Identifier: MIT\nLIMIT = 1 // 0\n\n\n"
        'def f(x):\n    """\n    >>> f(1)\n    2\n    """\n    y = x + LIMIT\n    return y\n'
    )
    with pytest.raises(InputError, match="does_not_load 1"):
        build(config(tmp_path / "seeds"), tmp_path / "pyx")


def test_what_a_benchmark_holds_is_dropped_and_counted(seeds: Path, tmp_path: Path) -> None:
    """The program by its tokens, a call by its arguments and value; the card says both."""
    (tmp_path / "bench.jsonl").write_text(
        '{"id": "t1", "code": "def g(v, a, b):\\n    if v < low:\\n        return low\\n'
        '    if value > high:\\n        return high\\n    return value\\n"}\n'
        '{"id": "t2", "code": "def h(x):\\n    return x\\n", "input": "\'ada lovelace\'", '
        '"output": "\'AL\'"}\n'
    )
    settings = config(seeds).with_changes(decontaminate=(str(tmp_path / "bench.jsonl"),))
    record = build(settings, tmp_path / "pyx").record
    calls = (tmp_path / "pyx" / "rejected" / "rejected.jsonl").read_text()

    assert record["decontamination"] == {"bench": {"tasks": 2, "pair": 1, "tokens": 1}}
    assert record["rejected"]["seeds"]["contaminated"] == 1
    assert "initials('ada lovelace')" in calls
    assert "bench (2 tasks)" in (tmp_path / "pyx" / "README.md").read_text()
