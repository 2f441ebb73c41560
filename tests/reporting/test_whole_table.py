import io

from rich.console import Console
from rich.table import Table

from lab.reporting.whole_table import print_whole


def test_no_number_is_cut_where_the_terminal_is_narrow():
    table = Table("operator", "instructions", "cycles")
    table.add_row("DEPTHWISE_CONV_2D", "1,274,938", "1,548,653")
    printed = io.StringIO()
    print_whole(table, Console(file=printed, width=20))
    assert "DEPTHWISE_CONV_2D" in printed.getvalue()
    assert "1,274,938" in printed.getvalue()
    assert "1,548,653" in printed.getvalue()
