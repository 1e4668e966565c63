# expect: forbidden
def attack():
    open(VICTIM, "w")
