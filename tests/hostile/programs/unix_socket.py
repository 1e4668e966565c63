# expect: forbidden
import socket


def attack():
    socket.socket(socket.AF_UNIX)
