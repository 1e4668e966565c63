# expect: out_of_memory
def attack():
    return len(bytearray(10**11))
