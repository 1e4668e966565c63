# fmt: off
# call: managed(2)
# call: kind({"type": "pair", "items": [1, 2]})
# call: kind([1, 2, 3])
# call: kind(7)
# call: decorated(3)
# call: long_statement(1, 2)
# call: suppressed([])
from contextlib import contextmanager, suppress
from functools import wraps


@contextmanager
def opened(log):
    log.append("in")
    try:
        yield log
    finally:
        log.append("out")


def managed(n):
    log = []
    with opened(log) as inner:
        inner.append(n)
    return log


def kind(value):
    match value:
        case {"type": "pair", "items": [a, b]}:
            name = f"pair {a} {b}"
        case [first, *rest] if (
            first
            and rest
        ):
            name = "list"
        case _:
            name = "other"
    return name


def twice(function):
    @wraps(function)
    def inner(*args, **kwargs):
        return 2 * function(*args, **kwargs)

    return inner


@twice
def decorated(
    n,
    *,
    plus=1,
):
    return n + plus


def long_statement(a, b):
    total = max(
        a,
        decorated(
            b
        ),
    )
    if (
        total > 1
        and a
    ):
        total += (
            a
            + b
        )
    text = """
    two lines
    """
    assert (
        total
    ), text
    return {
        "total": total,
        "text": text.strip(),
    }


def suppressed(xs):
    with suppress(IndexError):
        xs[0] = 1
        xs.append(2)
    return xs
