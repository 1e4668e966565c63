# expect: timed_out
def attack():
    return sum(range(10**12))
