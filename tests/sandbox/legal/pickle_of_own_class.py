import pickle


class Box:
    def __init__(self, item):
        self.item = item


def legal():
    again = pickle.loads(pickle.dumps(Box([1, {"a": (2, 3)}])))
    return type(again) is Box, again.item
