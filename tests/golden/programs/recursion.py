# fmt: off
# call: fact(3)
# call: flatten([1, [2, [3]], []])
# call: is_even(3)
def fact(n):
    if n <= 1:
        return 1
    return n * fact(n - 1)


def flatten(items):
    flat = []
    for item in items:
        if isinstance(item, list):
            flat.extend(flatten(item))
        else:
            flat.append(item)
    return flat


def is_even(n):
    return True if n == 0 else is_odd(n - 1)


def is_odd(n):
    return False if n == 0 else is_even(n - 1)
