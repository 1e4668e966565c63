# expect: forbidden
def attack():
    return open(VICTIM).read()
