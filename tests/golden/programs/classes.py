# ruff: noqa: D101, D102
# fmt: off
# call: account(10)
# call: shapes()
# call: tree([3, 1, 2])
# call: local_class(2)
from collections import Counter, defaultdict, namedtuple
from dataclasses import dataclass
from enum import Enum

Pair = namedtuple("Pair", "left right")


class Account:
    rate = 2

    def __init__(self, balance):
        self.balance = balance
        self.__log = []

    def deposit(self, amount):
        self.balance += amount
        self.__log.append(amount)
        return self

    def __repr__(self):
        raise RuntimeError("nobody may call this")


def account(n):
    a = Account(n)
    b = a.deposit(5)
    return b.balance


@dataclass
class Point:
    x: int
    y: int = 0


class Color(Enum):
    RED = 1


def shapes():
    p = Point(1)
    p.y = 2
    pair = Pair(p, Color.RED)
    counts = Counter("aab")
    counts["b"] += 1
    groups = defaultdict(list)
    groups[1].append(p.x)
    return pair.left.y + sum(counts.values())


class Node:
    def __init__(self, key):
        self.key = key
        self.kids = []


def tree(keys):
    root = Node(keys[0])
    for key in keys[1:]:
        root.kids.append(Node(key))
    root.kids.append(root)
    return len(root.kids)


def local_class(n):
    class Box:
        size = n
        label = "b" * n

    box = Box()
    return box.label
