from dataclasses import asdict, dataclass, field, replace


@dataclass(frozen=True, slots=True, order=True)
class Point:
    x: int
    y: int = 2


@dataclass
class Path:
    points: list[Point] = field(default_factory=list)


def legal():
    path = Path([Point(1), replace(Point(1), y=3)])
    return asdict(path), Point(1) < Point(2), repr(Point(0)), hash(Point(1)) == hash(Point(1, 2))
