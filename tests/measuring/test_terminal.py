"""The pseudo terminal of an emulated board, opened as a terminal program does."""

from __future__ import annotations

import os
import threading
import tty

from lab.measuring import terminal as terminal_of_a_board
from lab.measuring.terminal import Terminal


def opened(name: str) -> int:
    end = os.open(name, os.O_RDWR | os.O_NOCTTY)
    tty.setraw(end)
    return end


def test_nobody_hears_what_is_printed_before_it_is_opened():
    with Terminal() as terminal:
        terminal.write("lost\r\n" * 10_000)
        end = opened(terminal.name)
        terminal.write("heard\r\n")
        assert os.read(end, 100) == b"heard\r\n"
        os.close(end)


def test_bytes_go_both_ways_until_the_other_end_hangs_up():
    said: list[str] = []
    with Terminal(said.append) as terminal:
        assert terminal.read() == b""
        end = opened(terminal.name)
        os.write(end, b"\x12\r\x03")
        assert terminal.wait() == b"\x12\r\x03"
        os.write(end, b"more")
        assert terminal.read() == b"more"
        closing = threading.Timer(0.2, os.close, [end])
        closing.start()
        assert terminal.wait() == b""
        closing.join()
        assert len(said) == 1
        assert terminal.name in said[0]


def test_who_hung_up_before_the_end_may_come_again():
    with Terminal() as terminal:
        os.close(opened(terminal.name))
        terminal.read()
        answering = threading.Timer(0.2, lambda: os.write(opened(terminal.name), b"here"))
        answering.start()
        assert terminal.wait() == b"here"
        answering.join()


def test_a_long_text_waits_for_a_slow_reader():
    text = "0123456789" * 5_000
    with Terminal() as terminal:
        end = opened(terminal.name)
        heard = bytearray()

        def listen() -> None:
            while len(heard) < len(text):
                heard.extend(os.read(end, 1_000))

        listening = threading.Thread(target=listen)
        listening.start()
        terminal.write(text)
        listening.join(20)
        assert heard.decode() == text
        os.close(end)


def test_who_reads_nothing_is_waited_for_once(monkeypatch):
    monkeypatch.setattr(terminal_of_a_board, "_SLOW_MS", 60_000)
    waits = []

    class Poll:
        def register(self, *_: object) -> None:
            """Anything."""

        def poll(self, wait_ms: int) -> list[int]:
            waits.append(wait_ms)
            return []

    with Terminal() as terminal:
        end = opened(terminal.name)
        terminal.write("")
        monkeypatch.setattr(terminal_of_a_board.select, "poll", Poll)
        for _ in range(3):
            terminal.write("x" * 1_000_000)
        assert waits == [60_000, 0, 0]
        monkeypatch.undo()
        os.read(end, 1_000_000)
        terminal.write("heard")
        os.close(end)


def test_nobody_is_waited_for_longer_than_was_asked():
    said: list[str] = []
    with Terminal(said.append, wait_s=0.1) as terminal:
        assert terminal.wait() == b""
        assert said[-1] == f"nobody has opened {terminal.name} within 0.1 s"


def test_who_has_come_in_time_may_stay_longer():
    with Terminal(wait_s=0.2) as terminal:
        end = opened(terminal.name)
        closing = threading.Timer(0.5, lambda: (os.write(end, b"late"), os.close(end)))
        closing.start()
        assert terminal.wait() == b"late"
        assert terminal.wait() == b""
        closing.join()
