"""The programs of a build: gathered from the seeds, kept on disk, dealt out where they are made.

A build may have more programs than fit into memory, so what is held of each is its name, its
family and where it stands in a file. That file is scratch: each start of a build writes it anew.
"""

import hashlib
import json
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import overload

from pyx_dataset.config import BuildConfig
from pyx_dataset.export.splits import split_of
from pyx_dataset.filters.decontaminate import contaminated, read_benchmarks
from pyx_dataset.filters.dedup import families, shape
from pyx_dataset.filters.near import near_pairs
from pyx_dataset.records import from_json
from pyx_dataset.schema import Program, Rejected, Seed, Split


@dataclass(frozen=True, slots=True)
class _Place:
    """What is held of one program; `start` is a byte of the file."""

    id: str
    family: str
    split: Split
    start: int


@dataclass(frozen=True, slots=True)
class Population(Sequence[Program]):
    """Programs in the order in which they are made; a slice is one too, and reads nothing yet."""

    file: Path
    places: tuple[_Place, ...]

    def __len__(self) -> int:
        return len(self.places)

    @overload
    def __getitem__(self, index: int) -> Program: ...
    @overload
    def __getitem__(self, index: slice) -> "Population": ...
    def __getitem__(self, index: int | slice) -> "Program | Population":
        if isinstance(index, slice):
            return Population(self.file, self.places[index])
        place = self.places[index]
        return Program(place.id, place.family, place.split, _read(self.file, place.start))


@dataclass(slots=True)
class Gathering:
    """Seeds as they come in, each once."""

    file: Path
    config: BuildConfig
    rejected: list[Rejected] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)
    _ids: list[str] = field(default_factory=list)
    _starts: "array[int]" = field(default_factory=lambda: array("Q"))

    def __post_init__(self) -> None:
        self.file.write_bytes(b"")

    def take(self, item: Seed | Rejected) -> None:
        """Keep a seed, unless it is an earlier one again or stands in a benchmark."""
        if isinstance(item, Seed):
            item = self._checked(item)
        if isinstance(item, Rejected):
            self.rejected.append(item)
            return
        self._ids.append(program_id(item))
        with self.file.open("ab") as file:
            self._starts.append(file.tell())
            file.write(f"{json.dumps(asdict(item))}\n".encode())

    def _checked(self, seed: Seed) -> Seed | Rejected:
        subject = _subject(seed)
        if (twin := shape(seed.code)) in self._seen:
            return Rejected("seeds", "duplicate", subject)
        self._seen.add(twin)
        benchmarks = read_benchmarks(self.config.decontaminate)
        if hit := contaminated(seed.code, seed.instruction, benchmarks):
            return Rejected("seeds", "contaminated", subject, str(hit))
        return seed

    def seeds(self) -> Iterator[Seed]:
        """Those that were kept, in the order in which they came."""
        with self.file.open("rb") as lines:
            for line in lines:
                yield from_json(Seed, json.loads(line))

    def __len__(self) -> int:
        return len(self._ids)

    def codes(self) -> Iterator[tuple[str, str]]:
        """Id and code of each."""
        for name, seed in zip(self._ids, self.seeds(), strict=True):
            yield name, seed.code

    def settle(self) -> Population:
        """Give each its family and its split; those that no family has room for are rejected."""
        family = families(self.codes(), near_pairs(self.codes()), self.config.max_family)
        shares = self.config.validation_share, self.config.test_share
        places: list[_Place] = []
        for name, start in zip(self._ids, self._starts, strict=True):
            if own := family.get(name):
                places.append(_Place(name, own, split_of(own, *shares), start))
            else:
                subject = _subject(_read(self.file, start))
                self.rejected.append(Rejected("seeds", "crowded", subject))
        # Identities are hashes, so this order is a shuffle: shards cost alike, and the first N
        # programs are a fair sample of all sources.
        return Population(self.file, tuple(sorted(places, key=lambda place: place.id)))


def program_id(seed: Seed) -> str:
    """A name made of the code alone: equal code, equal name, in every build."""
    return hashlib.blake2b(f"{seed.entry_point}\n{seed.code}".encode(), digest_size=6).hexdigest()


def _subject(seed: Seed) -> str:
    return f"{seed.source.path}:{seed.entry_point}"


def _read(file: Path, start: int) -> Seed:
    with file.open("rb") as lines:
        lines.seek(start)
        return from_json(Seed, json.loads(lines.readline()))
