# expect: timed_out
def attack():
    return 10**10**8
