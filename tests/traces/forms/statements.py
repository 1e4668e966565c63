# fmt: off
# call: blocks([1, 0, 'x'])
# call: loops({'a': 2, 'b': 0})
# call: matched([1, 2, 3])
# call: matched({'k': 5, 'z': 1})
# call: matched(Point(2, 3))
# call: matched('abc')
# call: matched(7)
# call: matched(None)
# call: fails(0)
# call: fails(1)
# call: fails(2)
# call: fails(3)
# call: targets()
# call: nested(3)
# call: late(2)
# call: groups()
# call: imports()
# call: typed(3)
# call: deep(30)
"""The statements."""
from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Point:
    x: int
    y: int = 1 + 1


class Keep:
    def __init__(self, log, quiet=False):
        self.log, self.quiet = log, quiet

    def __enter__(self):
        self.log.append('in')
        return self.log

    def __exit__(self, kind, error, trail):
        self.log.append(kind.__name__ if kind else 'out')
        return self.quiet


def blocks(xs):
    """Not a part."""
    log = []
    for x in xs:
        try:
            log.append(10 // (x + 0))
        except (ZeroDivisionError, KeyError) as error:
            log.append(str(error)[:7])
        except TypeError:
            log.append(f'{type(x).__name__} {len(log)}')
        else:
            log.append('else')
        finally:
            log.append(len(log))
    with Keep(log), Keep(log, True) as a:
        a.append(len(a) / 0)
    with (Keep(log) as b, Keep(b[:]) as c):
        pass
    return log, c


def loops(d):
    out, n = [], 5
    for (k, v), i in zip(d.items(), range(9)):
        if not v: continue
        out.append(k * v + str(i))
    else:
        out.append(len(d))
    while n := n - 1:
        if n % 2 and n < 3: break
    else:
        out.append('never')
    for out[0] in [len(out), 'z']: pass
    for i in range(3): n += i * 2 if i else 0
    for j in (): pass
    return out, n, i


def matched(value):
    match value:
        case [first, *rest] if first + len(rest) > 2:
            return 'list', first, rest
        case {'k': k, **rest} if k and rest or not k:
            return 'dict', k, rest
        case Point(x=2, y=y):
            return 'point', y * 2
        case 'abc' | 'x':
            return value.upper()
        case int() as n if 0 < n < 9:
            return n + 1
        case None:
            return 'none'
        case _:
            return 'other'


def fails(n):
    xs = [1, 2]
    if n == 0:
        return xs[n] + xs[
            len(xs)
        ]
    if n == 1:
        raise ValueError('a' + str(n)) from KeyError(n * 2)
    try:
        if n == 2:
            assert xs == [1] and n, f'{xs[0]} is {n!r}'
        return [10 // (x - 2) for x in xs if x > 0]
    except ZeroDivisionError:
        raise


def targets():
    class Box: pass
    b = Box()
    b.v = [0] * 3
    b.v[len(b.v) - 1] = b.n = 5
    b.v[0], b.v[1] = b.v[1] + 1, b.v[2] - 1
    b.v[b.n - 5] += b.n * 2
    b.n -= len(b.v)
    b.d = {}
    b.d.setdefault('k', []).append(len(b.d))
    x: list[int] = b.v[:]
    y: 'no' + 'thing'
    (b.p): int = 1 + x[0]
    del b.d['k'], b.n, x[1 - 1]
    [q, *b.r] = [len(x), *x]
    b.v.sort(); b.v.reverse()
    return vars(b), x, q


def nested(n):
    def decorate(f):
        return lambda *args, **kwargs: f(*args, **kwargs) + 1

    @decorate
    def inner(x, k=n * 2, *, z=[n + 1][0]) -> n + 1:
        return x + k + z

    def outer():
        nonlocal n
        global total
        n += 1
        total = n + len(str(n))
        return total

    class Local(Point):
        size = n + 1
        names = [c for c in 'ab' if c]

        def area(self, k=size):
            return super().__init__(self.x + 1, k) or self.x * self.y + self.size

    return inner(1), inner(1, z=n), outer() + total, n, Local(1, 2).area(), Local.names


def late(n):
    fs = [lambda: n * i for i in range(3)]
    gs = [lambda i=i: n * i for i in range(3)]
    n += 1
    return [f() for f in fs], [g() for g in gs]


def groups():
    out = []
    try:
        raise ExceptionGroup('g' + '1', [ValueError(1), TypeError(2)])
    except* ValueError as group:
        out.append(len(group.exceptions))
    except* TypeError:
        out.append('type')
    return out


def imports():
    import os.path as p
    from math import gcd as g, sqrt
    return p.basename('a/' + 'b'), g(4 * 3, 18) + int(sqrt(16))


def typed(x: int, *rest: 'a' + 'b', k: lambda: 1 = 2) -> [i for i in 'x']:
    # type: (int) -> int
    y = x + k  # type: int
    return y, typed.__annotations__


def deep(n):
    return 0 if n <= 0 else 1 + deep(n - 1) if n % 2 else deep(n - 1) + 1
