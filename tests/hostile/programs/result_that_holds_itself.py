# expect: no_result
def attack():
    xs = []
    xs.append(xs)
    return xs
