def legal():
    kind = type("Made", (list,), {"last": property(lambda self: self[-1])})
    made = kind([1, 2])
    return made.last, isinstance(made, list), [base.__name__ for base in kind.__mro__]
