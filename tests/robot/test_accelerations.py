"""Text files of accelerations, as Renode's accelerometers take them."""

import pytest

from lab.errors import RecordingError
from lab.monitor.sensors import _accelerations


def test_a_line_is_a_sample_in_g(tmp_path):
    file = tmp_path / "ring.data"
    file.write_text("# a ring\n\n 0.5 -1.000  0.25\n9 -9 0\n")
    assert _accelerations(file).tolist() == [[4096, -8192, 2048], [32767, -32768, 0]]
    file.write_text("# nothing\n")
    assert _accelerations(file).shape == (0, 3)


@pytest.mark.parametrize("line", ["1 2", "1 2 three", "nan 0 0", "1 2 3 4"])
def test_a_line_that_is_no_three_numbers_is_refused(tmp_path, line):
    file = tmp_path / "ring.data"
    file.write_text(line)
    with pytest.raises(RecordingError, match="no three numbers"):
        _accelerations(file)
