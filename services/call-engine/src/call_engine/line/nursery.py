"""The process lines are forked from: ``python -m call_engine.line.nursery SOCKET_FD``. Started by ``births.Nursery``.

A line needs an interpreter and PJSIP, which are the same for all. Here they are loaded once and shared copy-on-write: a forked line starts
in a fraction of the time and owns half the memory of a fresh process. Nothing of PJSIP runs here and no thread, so a fork is whole.

Each request is one datagram with two descriptors, the line's socket and its ring. Answers are ```messages.NEWS_OF_PROCESS`` records.
"""

from __future__ import annotations

import os
import selectors
import signal
import socket
import sys
import traceback

from call_engine.line.messages import NEWS_OF_PROCESS, ProcessNews
from call_engine.line.process import give_back_memory, take_calls

USAGE = "usage: python -m call_engine.line.nursery SOCKET_FD (phone lines are forked from here; started by the call engine)"


def main() -> None:
    if len(sys.argv) != 2 or not sys.argv[1].isdigit():
        sys.exit(USAGE)
    Nurse(socket.socket(fileno=int(sys.argv[1]))).work()


class Nurse:
    def __init__(self, engine: socket.socket) -> None:
        self._engine = engine
        self._bell, ring = os.pipe()
        os.set_blocking(self._bell, False)
        os.set_blocking(ring, False)
        self._ring = ring

    def work(self) -> None:
        """Until the engine lets go, or is gone. The lines go on by themselves."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._ring, warn_on_full_buffer=False)
        give_back_memory()
        with selectors.DefaultSelector() as waiting:
            waiting.register(self._engine, selectors.EVENT_READ)
            waiting.register(self._bell, selectors.EVENT_READ)
            while True:
                for key, _ in waiting.select():
                    if key.fileobj is self._engine:
                        if not self._deliver(waiting):
                            return
                    else:
                        self._count_the_dead()

    def _deliver(self, waiting: selectors.BaseSelector) -> bool:
        try:
            message, descriptors, _, _ = socket.recv_fds(self._engine, 16, 2)
        except ConnectionError:
            return False
        if not message:
            return False
        pid = os.fork()
        if not pid:
            waiting.close()
            self._leave_home()
            be_a_line(*descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        self._tell(ProcessNews.BORN, pid, 0)
        return True

    def _leave_home(self) -> None:
        """What a line must not keep of this process: Ctrl-C here must not reach it, nor its end be hidden by an open descriptor."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        self._engine.close()
        os.close(self._bell)
        os.close(self._ring)

    def _count_the_dead(self) -> None:
        try:
            while os.read(self._bell, 4096):
                pass
        except BlockingIOError:
            pass
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            self._tell(ProcessNews.DIED, pid, os.waitstatus_to_exitcode(status))

    def _tell(self, what: ProcessNews, pid: int, code: int) -> None:
        try:
            self._engine.send(NEWS_OF_PROCESS.pack(what, pid, code))
        except ConnectionError:
            pass  # the engine is gone, which the next look tells


def be_a_line(connection: int, ring: int) -> None:
    """Never returns: what comes after a fork in the parent is not the child's."""
    try:
        take_calls(connection, ring)
    except SystemExit as leaving:
        print(leaving, file=sys.stderr)
    finally:
        if sys.exc_info()[0] is not None:
            traceback.print_exc()
        os._exit(1)


if __name__ == "__main__":
    main()
