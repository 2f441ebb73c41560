"""What ports print on the terminal."""

from lab.booting.port_lines import PortLines


def test_lines_are_printed_whole_and_without_colours(capsys):
    ports = PortLines(quiet=False)
    for part in (b"\x1b[1;32muart:~$ \x1b[m", b"ver", b"sion\r\n", b"caf\xc3", b"\xa9\n"):
        ports.hear("uart0", part)
    assert capsys.readouterr().out == "uart:~$ version\ncafé\n"


def test_a_prompt_is_shown_once_and_its_line_goes_on(capsys):
    ports = PortLines(quiet=False)
    ports.hear("uart0", b"> ")
    ports.show()
    ports.show()
    ports.hear("uart0", b"yes\n> ")
    ports.finish()
    assert capsys.readouterr().out == "> yes\n> \n"


def test_a_second_port_is_named_before_its_lines(capsys):
    ports = PortLines(quiet=False)
    ports.hear("uart0", b"one\n")
    ports.hear("usbd", b"two\nthree")
    ports.finish()
    assert capsys.readouterr().out == "one\n[usbd] two\n[usbd] three\n"


def test_what_a_device_prints_reaches_no_terminal_as_a_command(capsys, monkeypatch):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    ports = PortLines(quiet=False)
    ports.hear("uart0", b"::error::\x07\n")
    ports.hear("uart0", b"::err")
    ports.show()
    assert capsys.readouterr().out == "\\x3a:error::\\x07\n"


def test_a_colour_that_comes_in_two_parts_and_a_character_that_is_cut_off(capsys):
    ports = PortLines(quiet=False)
    ports.hear("uart0", b"> \x1b[3")
    ports.show()
    ports.hear("uart0", b"2mok\xc3")
    ports.show()
    ports.finish()
    assert capsys.readouterr().out == "> ok\ufffd\n"
