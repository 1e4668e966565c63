# expect: too_long | timed_out
def attack():
    while True:
        try:
            print("x" * 1000)
        except BaseException:
            return 1
