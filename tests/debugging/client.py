"""A client of GDB's remote protocol that may be as bad as it likes, and a board that serves it."""

from __future__ import annotations

import select
import socket
import threading
from contextlib import contextmanager

from lab.debugging.commands import Killed
from lab.debugging.frames import framed
from lab.debugging.gdb import Gdb
from lab.debugging.server import HOST, Server
from lab.engines.debuggable import Abandoned
from lab.errors import FirmwareError


class Client:
    """Sends bytes and reads packets; acknowledges nothing."""

    def __init__(self, port):
        self._socket = socket.create_connection((HOST, port), timeout=20)
        self._rest = b""

    def write(self, data):
        self._socket.sendall(data)

    def packet(self):
        """The data of the next packet; None when the server has parted."""
        while b"#" not in self._rest or len(self._rest.partition(b"#")[2]) < 2:
            try:
                data = self._socket.recv(65536)
            except ConnectionError:
                return None
            if not data:
                return None
            self._rest += data
        body, _, after = self._rest.partition(b"$")[2].partition(b"#")
        self._rest = after[2:]
        return body

    def ask(self, text):
        """The answer to a packet."""
        self.write(framed(text if isinstance(text, bytes) else text.encode()))
        return self.packet().decode("latin-1")

    def is_quiet(self, seconds=0.2):
        return not select.select([self._socket], [], [], seconds)[0]

    def close(self):
        self._socket.close()


class Served:
    """A machine that runs in a thread of its own until it is killed, closed or out of luck."""

    def __init__(self, make, firmware):
        self.said = []
        self.outcome = None
        self._make, self._firmware = make, firmware
        self._ends = threading.Event()
        self._clients = []
        self._server = Server()
        self.port = self._server.port
        self.gdb = Gdb(self._server, self.said.append, resets=True)
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self):
        try:
            while True:
                with self._make() as machine:
                    machine.load(self._firmware)
                    self.gdb.attach(machine.debug(self))
                    try:
                        while True:
                            machine.run(limit=0.01)
                    except Abandoned:
                        continue
        except (Killed, FirmwareError, KeyboardInterrupt, BaseException) as error:
            self.outcome = error
        finally:
            self.gdb.end(b"X0b")

    def wants_halt(self):
        if self._ends.is_set():
            raise KeyboardInterrupt
        return self.gdb.wants_halt()

    def attend(self, halt, check):
        def ends():
            check()
            if self._ends.is_set():
                raise KeyboardInterrupt

        return self.gdb.attend(halt, ends)

    def hear(self, line):
        self.gdb.hear(line)

    def client(self):
        self._clients.append(Client(self.port))
        return self._clients[-1]

    def ended(self):
        """What ended it."""
        self._thread.join(timeout=30)
        assert not self._thread.is_alive()
        return self.outcome

    def close(self):
        self._ends.set()
        self._thread.join(timeout=30)
        for client in self._clients:
            client.close()
        self._server.__exit__(None, None, None)


@contextmanager
def served(make, firmware):
    board = Served(make, firmware)
    try:
        yield board
    finally:
        board.close()
