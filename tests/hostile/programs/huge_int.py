# expect: too_long
def attack():
    return 1 << 10**6
