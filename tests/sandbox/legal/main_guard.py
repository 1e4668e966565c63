def legal():
    return __name__ != "__main__"


if __name__ == "__main__":
    raise SystemExit("run as a script")
