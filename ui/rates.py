"""How often one address may come: a bucket of turns for each, which fills again with time."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import Scope

_MOST_NAMES = 10_000


class Rates:
    """``per_minute`` turns for each name, at most ``burst`` of them at once.

    The names that came longest ago are forgotten beyond 10,000, so that memory is bounded. For use
    from one event loop. ``clock`` gives seconds.
    """

    def __init__(
        self, per_minute: float, burst: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_second, self._burst, self._clock = per_minute / 60, burst, clock
        self._kept: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, name: str) -> float:
        """Take a turn for ``name``: 0.0, or the seconds until there is one, and none is taken."""
        now = self._clock()
        left, since = self._kept.pop(name, (float(self._burst), now))
        left = min(self._burst, left + (now - since) * self._per_second)
        allowed = left >= 1
        self._kept[name] = (left - allowed, now)
        if len(self._kept) > _MOST_NAMES:
            self._kept.popitem(last=False)
        return 0.0 if allowed else (1 - left) / self._per_second


def address_of(scope: Scope) -> str:
    """The address that a request comes from; of an IPv6 one its network, for each has many."""
    host: str = (scope.get("client") or ("",))[0]
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(IPv6Address(int(address) >> 64 << 64))
    return str(address)
