# expect: forbidden
def attack():
    open("/proc/self/mem", "r+b")
