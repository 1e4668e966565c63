# expect: timed_out
def attack():
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
