"""Stands for a process that forking.py forks: `fork_me.py SOCKET server|worker`.

It imports little, for it is started for every one.
"""

import os
import socket
import sys

with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as connection:
    connection.connect(sys.argv[1])
    variables = [f"{name}={value}" for name, value in os.environ.items()]
    folder = os.getcwd()  # noqa: PTH109 - pathlib alone takes 10 ms
    asked = "\0".join([sys.argv[2], folder, *variables])
    socket.send_fds(connection, [asked.encode()], [0, 1, 2])
    connection.recv(1)
