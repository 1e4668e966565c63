import collections
import typing

Pair = collections.namedtuple("Pair", "left right", defaults=[0])


class Item(typing.NamedTuple):
    name: str
    price: float = 1.5


def legal():
    return Pair(1)._asdict(), list(Item("a")), Pair._fields, tuple(Pair(3)._replace(right=4))
