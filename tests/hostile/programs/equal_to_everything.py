# expect: no_result
class Any:
    def __eq__(self, other):
        return True


def attack():
    return Any()
