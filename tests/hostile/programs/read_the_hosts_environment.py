# expect: forbidden
def attack():
    return open(f"/proc/{HOST}/environ").read()
