"""Share out what there is among those who need it, in whole rounds, for every replication at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Int = NDArray[np.int64]


def share_out(available: Int, wanted: Int) -> Int:
    """Return what each gets: all that it wants where there is enough, else shares in proportion by largest remainders.

    Parameters
    ----------
    available : int64 (R,), 0 or more
    wanted : int64 (R, C), 0 or more; wanted times available must stay below 2**63

    Returns
    -------
    int64 (R, C), none above `wanted`, with sums min(available, sum of wanted) in every row, to the last round; of equal
    remainders the first comes first
    """
    total = wanted.sum(axis=1)
    short = total > available
    given = wanted.copy()
    if not short.any():
        return given
    want, have, whole = wanted[short], available[short, None], total[short, None]
    product = want * have
    share, remainder = product // whole, product % whole
    missing = have[:, 0] - share.sum(axis=1)
    order = np.argsort(-remainder, axis=1, kind="stable")
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.broadcast_to(np.arange(order.shape[1]), order.shape), axis=1)
    given[short] = share + (rank < missing[:, None])
    return given
