import random


def legal():
    random.seed(7)
    own = random.Random("text")
    return random.randint(0, 10**6), own.sample(range(100), 4), random.gauss(0, 1)
