"""From track to order: identification and command delay of one network for one threat."""

from __future__ import annotations

import numpy as np
from numba import njit

from shieldwall.core.random import COMMAND, draw, pair_actor
from shieldwall.tables import Rules


@njit(cache=True)
def order_delay_s(actor: np.uint64, network: int, rules: Rules, seed: np.uint64, replication: np.uint64) -> float:
    """Return the seconds from track to engagement order.

    Identification counts only if the rules ask for identified tracks. Both parts are exponential with the stated mean, or
    constant.
    """
    identification_s = rules.identification_s if rules.identify else 0.0
    if not rules.exponential:
        return identification_s + rules.command_s
    u = draw(seed, replication, COMMAND, pair_actor(actor, rules.network_actor[network]), np.uint64(0))
    return -identification_s * np.log(u.a) - rules.command_s * np.log(u.b)
