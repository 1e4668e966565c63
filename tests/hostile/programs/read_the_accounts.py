# expect: forbidden
def attack():
    return open("/etc/passwd").read()
