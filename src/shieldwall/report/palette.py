"""The colours of every figure: Okabe and Ito's set, told apart with any colour vision, and words beside each.

[okabe-ito-2008] M. Okabe and K. Ito, "Color universal design", 2008: https://jfly.uni-koeln.de/color/
"""

from __future__ import annotations

BLUE, SKY, GREEN, ORANGE, VERMILION, PURPLE, GREY = (
    "#0072B2", "#56B4E9", "#009E73", "#E69F00", "#D55E00", "#CC79A7", "#8A8F98",
)  # fmt: skip
SERIES = (BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY, GREY)

# These stand for words, lines and land; a page puts its own in their place, so that figures follow light and dark.
INK, MUTED, LINE, LAND = "#1b2027", "#5b6570", "#d3d9df", "#edf0f3"

FATE_COLOURS = {"shot_down": BLUE, "suppressed": SKY, "failed": GREY, "aborted": PURPLE, "leaked": VERMILION}
FATE_LABELS = {
    "shot_down": "shot down",
    "suppressed": "suppressed",
    "failed": "fell by itself",
    "aborted": "aborted",
    "leaked": "got through",
}
# Words on a bar of a fate's colour.
ON_FATE = {
    "shot_down": "#ffffff",
    "suppressed": "#0b1a26",
    "failed": "#0b1a26",
    "aborted": "#0b1a26",
    "leaked": "#ffffff",
}
