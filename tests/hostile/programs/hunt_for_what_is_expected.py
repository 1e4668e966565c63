# expect: returned 0
import gc


def attack():
    return sum(
        "expected" in item for item in gc.get_objects() if type(item) is dict and "answers" in item
    )
