"""Accounts of a campaign: what must add up every night in every replication, to the last round."""

from __future__ import annotations

from shieldwall.campaign.layout import Layout
from shieldwall.campaign.standing import Standing, depots_of
from shieldwall.engine.accounts import AccountingError
from shieldwall.scenario.campaign_types import Campaign


def check_night(night: int, layout: Layout, plan: Campaign, standing: Standing) -> None:
    """Raise AccountingError unless every round is in one place, every order and every threat accounted for.

    By effector: first loads + first depots + made + supplied = at weapons + in depots + under way + fired + lost.
    By order: ordered = delivered + open + not yet due. By kind of threat: first stock + built = in store + launched.
    """
    began = layout.by_effector(layout.full) + depots_of(layout, plan).sum(axis=0)
    there = layout.by_effector(standing.held + standing.road.sum(axis=0)) + standing.depot.sum(axis=1)
    gone = standing.fired + standing.lost
    _require(night, bool((began + standing.made + standing.supplied == there + gone).all()), "rounds do not add up")
    owed = standing.open + standing.maturing.sum(axis=0)
    _require(night, bool((standing.ordered == standing.delivered + owed).all()), "orders do not add up")
    arsenal = standing.first_arsenal + standing.built - standing.launched
    _require(night, bool((standing.arsenal == arsenal).all()), "the adversary's stock does not add up")
    for name in ("held", "depot", "road", "spare", "arsenal", "open", "maturing"):
        _require(night, int(getattr(standing, name).min(initial=0)) >= 0, f"{name} is negative")


def _require(night: int, holds: bool, what: str) -> None:
    if not holds:
        raise AccountingError(f"{what} after night {night} of a campaign")
