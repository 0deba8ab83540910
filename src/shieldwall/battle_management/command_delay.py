"""From track to order: identification and command delay of one network for one threat."""

from __future__ import annotations

import numpy as np

from shieldwall.core.compiled import kernel
from shieldwall.core.random import COMMAND, draw, pair_actor
from shieldwall.tables import Records


@kernel
def drawn_delays_s(
    actor: np.uint64, network: Records, command: Records, seed: np.uint64, replication: np.uint64
) -> tuple[float, float, float]:
    """Return the seconds that one network takes over one threat: for a look, for the order, for another look.

    Look and order are exponential with the stated mean, or constant. A threat that is misidentified waits for another
    look, exponential; 0 for any other.

    Parameters
    ----------
    network, command : one record of tables.NETWORK, and of tables.COMMAND
    """
    if not command.exponential and command.misidentified <= 0.0:
        return network.identification_s, network.command_s, 0.0
    u = draw(seed, replication, COMMAND, pair_actor(actor, network.actor), np.uint64(0))
    again_s = -command.recheck_s * np.log(u.d) if u.c < command.misidentified else 0.0
    if not command.exponential:
        return network.identification_s, network.command_s, again_s
    return -network.identification_s * np.log(u.a), -network.command_s * np.log(u.b), again_s


@kernel
def order_delay_s(
    actor: np.uint64, network: Records, command: Records, seed: np.uint64, replication: np.uint64
) -> float:
    """Return the seconds from track to engagement order, where every track is known to be hostile.

    The look counts only if the rules ask for identified tracks, of all or of this network.
    """
    look_s, order_s, again_s = drawn_delays_s(actor, network, command, seed, replication)
    if not (command.identify or network.identify):
        look_s = 0.0
    return look_s + order_s + again_s
