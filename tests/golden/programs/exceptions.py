# ruff: noqa: D101, F841, N818
# fmt: off
# call: divide(6, 3)
# call: divide(6, 0)
# call: lookup({"a": 1}, "b")
# call: reraise({"a": 1})
# call: cleanup([1])
# call: chained("x")
# call: custom(3)
# call: swallowed()
class Refused(RuntimeError):
    pass


def divide(a, b):
    try:
        result = a / b
    except ZeroDivisionError:
        result = None
    else:
        result = int(result)
    finally:
        a = b = 0
    return result


def lookup(table, key):
    return table[key]


def reraise(table):
    try:
        lookup(table, "c")
    except KeyError:
        try:
            int("x")
        except ValueError:
            handled = True
        raise


def cleanup(xs):
    try:
        return xs[0]
    finally:
        xs.append(2)


def chained(text):
    try:
        return int(text)
    except ValueError as error:
        raise TypeError("not a number", text) from error


def custom(n):
    if n > 2:
        raise Refused(n)
    return n


def swallowed():
    for _ in range(2):
        try:
            raise Refused
        except Refused:
            continue
        finally:
            seen = True
    return seen
