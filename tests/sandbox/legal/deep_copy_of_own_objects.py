import copy


class Node:
    def __init__(self, value, next=None):
        self.value, self.next = value, next


def legal():
    first = Node([1], Node([2]))
    second = copy.deepcopy(first)
    second.next.value.append(3)
    return first.next.value, second.next.value
