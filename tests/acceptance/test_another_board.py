"""A board is data: what is moved in its description and in its header moves without an edit of Python."""

from __future__ import annotations

from tests.acceptance.bench import Checkout

DESCRIPTION = "renode_platforms/nano33ble/nano33ble.repl"
HEADER = "firmware/families/nrf52/chip.h"


def test_the_uart_at_another_address_and_interrupt_is_still_heard(checkout: Checkout, lab_run, tiny):
    moved = (
        "uart0: UART.NRF52840_UART @ sysbus 0x40002000\n    easyDMA: true\n    -> nvic@2\n",
        "uart0: UART.NRF52840_UART @ sysbus 0x4002C000\n    easyDMA: true\n    -> nvic@43\n",
    )
    with (
        checkout.limited("bit_exact = { at_least = 1.0 }\n"),
        checkout.edited(DESCRIPTION, moved),
        checkout.edited(HEADER, ("kUarteBase = 0x40002000", "kUarteBase = 0x4002C000")),
    ):
        ran = lab_run("--model", tiny)
    assert (ran.code, ran.result["verdict"], len(ran.clips)) == (0, "passed", 2)


def test_a_uart_that_the_firmware_looks_for_elsewhere_is_a_fault_at_its_driver(checkout: Checkout, lab_run, tiny):
    with checkout.edited(HEADER, ("kUarteBase = 0x40002000", "kUarteBase = 0x4002C000")):
        ran = lab_run("--model", tiny)
    assert (ran.code, ran.error["kind"]) == (1, "DeviceFault")
    assert "0x4002c" in ran.error["message"] + ran.error["details"]
    assert "(log.cc:" in ran.error["message"]


def test_a_line_of_the_description_that_the_lab_does_not_know_is_named(checkout: Checkout, lab_run, tiny):
    clock = "    frequency: 64000000\n"
    with checkout.edited(DESCRIPTION, (clock, f"{clock}    colour: 7\n")):
        line = 1 + checkout.text(DESCRIPTION).splitlines().index("    colour: 7")
        ran = lab_run("--model", tiny)
    assert (ran.code, ran.out, ran.folder.exists()) == (2, "", False)
    assert f"nano33ble.repl:{line}" in ran.shown
    assert "colour" in ran.shown
