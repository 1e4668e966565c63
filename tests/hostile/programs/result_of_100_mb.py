# expect: too_long
def attack():
    return "x" * 10**8
