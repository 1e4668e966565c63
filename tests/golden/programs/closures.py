# ruff: noqa: E731
# fmt: off
# call: counter(2)
# call: cached(3)
# call: rename(["x"])
CACHE = {}
LAST = None
TABLE = {"a": 1}


def counter(n):
    count = 0
    history = []

    def step(by):
        nonlocal count
        count += by
        history.append(count)
        return count

    while count < n:
        step(1)
    return history


def cached(n):
    global LAST
    if n not in CACHE:
        CACHE[n] = n if n < 2 else cached(n - 1) + 1
    LAST = n
    return CACHE[n] + TABLE["a"]


def rename(names):
    make = lambda name: name.upper()
    apply = [lambda s, i=i: s * i for i in range(3)]
    names[0] = make(names[0])
    return apply[2](names[0])
