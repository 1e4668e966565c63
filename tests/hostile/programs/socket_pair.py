# expect: forbidden
import socket


def attack():
    socket.socketpair()
