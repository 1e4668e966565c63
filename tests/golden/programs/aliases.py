# ruff: noqa: RET504, RUF005
# fmt: off
# call: alias()
# call: by_callee([1])
# call: augmented([1])
# call: types_count()
# call: deleted()
# call: swapped(1, [2, 3, 4])
def alias():
    a = []
    b = a
    b.append(1)
    b = [1]
    b.append(2)
    return a


def push(items, value):
    items.append(value)
    return len(items)


def by_callee(xs):
    ys = xs
    n = push(xs, 5) + push(ys, 6)
    return n


def augmented(xs):
    ys = xs
    xs += [2]
    xs = xs + [3]
    ys *= 2
    return xs, ys


def types_count():
    x = 1
    x = True
    x = 1.0
    x = 0.0
    x = -0.0
    x = float("nan")
    x = x
    return x


def deleted():
    x = [1, 2]
    del x[0]
    y = x
    del x
    return y


def swapped(a, rest):
    a, *rest = rest
    (b, c), d = rest, a
    if (n := b + c) > 2:
        d = n
    return a, b, c, d
