import functools


def twice(function):
    @functools.wraps(function)
    def wrapper(*args):
        return function(function(*args))

    return wrapper


@twice
def add_three(x):
    """Three more."""
    return x + 3


def legal():
    return add_three(1), add_three.__name__, add_three.__doc__
