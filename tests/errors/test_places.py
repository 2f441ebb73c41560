"""Where a file says a name, the error for it begins with that file, and is otherwise the same."""

import pytest

from lab.errors import UnknownName, UsageError, named_in


@pytest.mark.parametrize(
    "error",
    [
        UnknownName("target", "nano33", ["nano33ble"]),
        UsageError("It is too old.", remedy="Get another.", details="made in 1999", code="stale"),
    ],
)
def test_only_the_message_changes(error):
    said, remedy, details, code = error.message, error.remedy, error.details, error.code
    with pytest.raises(type(error)) as raised, named_in("table.toml: figures.3"):
        raise error
    told = raised.value
    assert told.message == str(told) == f"table.toml: figures.3: {said}"
    assert (told.remedy, told.details, told.code) == (remedy, details, code)
