"""Opens sockets on loopback, gives up root, and runs a command that finds them from descriptor 3 on, as systemd does.

usage: activate.py UID NAME=TYPE:PORT ... -- COMMAND ...
"""
import fcntl
import os
import socket
import sys

split = sys.argv.index('--')
uid, wanted, command = int(sys.argv[1]), sys.argv[2:split], sys.argv[split + 1 :]
names, opened = [], []
for each in wanted:
    name, _, place = each.partition('=')
    kind, _, port = place.partition(':')
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM if kind == 'udp' else socket.SOCK_STREAM)
    made.bind(('127.0.0.1', int(port)))
    if kind == 'tcp':
        made.listen(16)
    names.append(name)
    opened.append(fcntl.fcntl(made.fileno(), fcntl.F_DUPFD, 100))
for at, descriptor in enumerate(opened):
    os.dup2(descriptor, 3 + at)
    os.close(descriptor)
if os.getuid() == 0:
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)
os.environ.update(LISTEN_FDS=str(len(opened)), LISTEN_PID=str(os.getpid()), LISTEN_FDNAMES=':'.join(names))
os.execvp(command[0], command)
