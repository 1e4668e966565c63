def legal():
    try:
        return input("number? ")
    except EOFError:
        return "nothing to read"
