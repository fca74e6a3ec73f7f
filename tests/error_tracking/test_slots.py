"""Numbers for workers."""

from apps.error_tracking.server import slots


def test_a_worker_gets_the_lowest_number_that_is_free() -> None:
    first, second, third = slots.take(), slots.take(), slots.take()
    assert (first, second, third) == ("worker0", "worker1", "worker2")
    slots.give_back(second)
    assert slots.take() == second
    for slot in (first, second, third):
        slots.give_back(slot)
