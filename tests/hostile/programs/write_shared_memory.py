# expect: forbidden
def attack():
    open("/dev/shm/pyx-hostile", "w")
