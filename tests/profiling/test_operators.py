import pytest

from lab.errors import FirmwareError
from lab.profiling import operators

from .trees import function, interpreter, section


def test_operators_are_the_calls_from_one_place_of_the_interpreter():
    check, first, second = function("check", 5, site=8), function("conv", 100, site=4), function("add", 20, site=4)
    assert operators.calls(section(function("invoke", 1, interpreter(check, first, second))), 2) == [first, second]


def test_of_two_such_places_it_is_the_one_that_takes_the_time():
    begin, conv, end = function("begin", 5, site=8), function("conv", 100, site=4), function("end", 5, site=12)
    assert operators.calls(interpreter(begin, conv, end), 1) == [conv]


@pytest.mark.produces("operators-not-found")
def test_another_number_of_calls_than_the_model_has_operators_is_refused():
    with pytest.raises(FirmwareError, match="called no 3 operators"):
        operators.calls(interpreter(function("conv", 100, site=4)), 3)


def test_an_inference_without_the_interpreter_is_refused():
    with pytest.raises(FirmwareError, match="has no function of TFLM"):
        operators.calls(section(function("invoke", 100)), 1)
