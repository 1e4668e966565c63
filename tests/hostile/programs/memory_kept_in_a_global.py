# expect: out_of_memory
KEPT = []


def attack():
    while True:
        KEPT.append(bytearray(1000))
        KEPT.extend([None] * 10_000)
