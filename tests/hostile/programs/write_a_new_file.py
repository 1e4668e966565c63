# expect: forbidden
def attack():
    open("/tmp/pyx-hostile", "w")
