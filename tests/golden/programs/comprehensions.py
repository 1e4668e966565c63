# ruff: noqa: C416, RET504
# fmt: off
# call: squares([1, 2, 3], 2)
# call: several([3, 1, 2])
# call: nested(2)
# call: shadow([1, 2])
# call: fails([1, 0])
# call: calls([1, 2])
def squares(xs, k):
    ys = [x * x + k for x in xs if x != 2]
    return ys


def several(
    items,
    start=0,
):
    pairs = {
        item: index
        for index, item in enumerate(
            items,
            start,
        )
        if item
    }
    total = sum(
        value
        for value in pairs.values()
    )
    ranked = sorted(
        items,
        key=lambda item: (
            -item,
            item,
        ),
    )
    return (
        pairs,
        total,
        ranked,
    )


def nested(n):
    grid = [[i * j for j in range(n)] for i in range(n)]
    for row in [[v for v in r] for r in grid]:
        n += len(row)
    return n, {v for row in grid for v in row}


def shadow(xs):
    x = "kept"
    ys = [x for x in xs]
    return x, ys


def fails(xs):
    try:
        return [1 // x for x in xs]
    except ZeroDivisionError:
        xs = None
    return xs


def double(x):
    y = 2 * x
    return y


def calls(xs):
    return [
        double(x)
        for x in xs
    ]
