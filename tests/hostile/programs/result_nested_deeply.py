# expect: too_long
def attack():
    deep = []
    for _ in range(100_000):
        deep = [deep]
    return deep
