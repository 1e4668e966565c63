# expect: forbidden
def attack():
    open(VICTIM, "a").write("x")
