"""How often one address may come."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.rates import _MOST_NAMES, Rates, address_of


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_so_many_at_once_and_then_as_time_goes() -> None:
    clock = Clock()
    rates = Rates(6, 3, clock)
    assert [rates.wait("a") for _ in range(3)] == [0, 0, 0]
    assert rates.wait("a") == pytest.approx(10)
    assert rates.wait("b") == 0, "each has its own"
    clock.now = 9.9
    assert rates.wait("a") == pytest.approx(0.1)
    clock.now = 10
    assert rates.wait("a") == 0
    assert rates.wait("a") > 0
    clock.now = 1000
    assert [rates.wait("a") == 0 for _ in range(4)] == [True, True, True, False]


@given(st.lists(st.floats(0, 30), max_size=60), st.integers(1, 60), st.integers(1, 10))
def test_no_more_ever_come_than_time_allows(gaps: list[float], rate: int, burst: int) -> None:
    clock = Clock()
    rates = Rates(rate, burst, clock)
    came = 0
    for gap in gaps:
        clock.now += gap
        wait = rates.wait("a")
        came += wait == 0
        assert came <= burst + clock.now * rate / 60 + 1e-6
        assert wait <= 60 / rate + 1e-6


def test_memory_is_bounded() -> None:
    rates = Rates(1, 1)
    for number in range(_MOST_NAMES + 500):
        rates.wait(str(number))
    assert len(rates._kept) == _MOST_NAMES
    assert rates.wait(str(_MOST_NAMES + 499)) > 0, "the newest are remembered"


@pytest.mark.parametrize(
    ("host", "named"),
    [
        ("192.168.1.7", "192.168.1.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("testclient", "testclient"),
    ],
)
def test_addresses_of_one_network_are_one(host: str, named: str) -> None:
    scope: dict[str, Any] = {"client": (host, 5)}
    assert address_of(scope) == named
    assert address_of({"client": None}) == ""
