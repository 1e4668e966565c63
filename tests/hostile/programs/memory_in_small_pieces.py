# expect: out_of_memory
def attack():
    kept = []
    while True:
        kept.append([0] * 100_000)
