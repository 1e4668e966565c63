# expect: no_result
class Liar:
    __class__ = int

    def __repr__(self):
        return "42"


def attack():
    return Liar()
