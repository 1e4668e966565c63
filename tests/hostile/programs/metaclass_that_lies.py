# expect: no_result
class Meta(type):
    __name__ = property(lambda self: 1 / 0)

    def __eq__(self, other):
        return True

    def __hash__(self):
        return hash(int)


class Liar(metaclass=Meta):
    pass


def attack():
    return Liar()
