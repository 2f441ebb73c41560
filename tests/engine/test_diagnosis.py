from lab.engines.builtin.diagnosis import _rounds


def rounds(text):
    return [("".join(blocks), times) for blocks, times in _rounds(text)]


def test_a_loop_of_several_blocks_is_told_once():
    assert rounds("xabcabcabcaby") == [("x", 1), ("abc", 3), ("a", 1), ("b", 1), ("y", 1)]


def test_blocks_without_a_loop_are_told_one_by_one():
    assert rounds("abc") == [("a", 1), ("b", 1), ("c", 1)]


def test_a_loop_in_a_loop_is_told_by_what_hides_most():
    assert rounds("aabaabaab") == [("aab", 3)]
