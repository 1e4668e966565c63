# expect: forbidden
import socket


def attack():
    socket.create_connection(("127.0.0.1", PORT), 1)
