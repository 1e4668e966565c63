# expect: too_long
def attack():
    while True:
        print("x" * 1000)
