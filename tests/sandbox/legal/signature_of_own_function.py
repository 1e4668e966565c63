import inspect


def joined(first, *rest, sep="-"):
    """Join them."""
    return sep.join((first, *rest))


def legal():
    return str(inspect.signature(joined)), inspect.getdoc(joined), joined.__module__ != ""
