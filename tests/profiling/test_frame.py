from lab.profiling.cost import Cost

from .trees import function, handler, section


def test_a_total_is_its_own_and_all_below():
    assert function("a", 1, function("b", 10), function("c", 100, function("d", 1000))).total == Cost(1111, 2222)


def test_interrupts_are_found_wherever_they_came_and_taken_out():
    nested = handler("interrupt 1", function("slow", 7, handler("interrupt 2", function("fast", 1))))
    tree = section(function("main", 100, nested, function("work", 10, handler("interrupt 1", function("slow", 7)))))
    assert sum(frame.total.instructions for frame in tree.handlers()) == 15
    assert tree.without_handlers() == section(function("main", 100, function("work", 10)))
