"""Draws the two icons of the app package: a circle of seven, one of whom is you.

Run it after a change, with Pillow installed: ``python -m adapters.teams.icons.draw``. Teams wants 192 × 192 in colour,
whose symbol keeps clear of the edges, and 32 × 32 in white on nothing:
https://learn.microsoft.com/microsoftteams/platform/concepts/build-and-test/apps-package
"""

from __future__ import annotations

from math import cos, pi, sin
from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).parent
GREEN, WHITE, AMBER, NOTHING = "#0d6457", "#ffffff", "#ffb067", (255, 255, 255, 0)
FINE = 8
"""Drawn so many times larger and made smaller, for smooth edges."""

PEOPLE = 8
YOU = 1
"""Counted from above, to the right."""


def seats(size: float, radius: float) -> list[tuple[float, float]]:
    """Where each of the circle sits, from above to the right around."""
    turns = (2 * pi * number / PEOPLE for number in range(PEOPLE))
    return [(size / 2 + radius * sin(turn), size / 2 - radius * cos(turn)) for turn in turns]


def dot(draw: ImageDraw.ImageDraw, at: tuple[float, float], radius: float, colour: str) -> None:
    x, y = at
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)


def coloured(size: int = 192) -> Image.Image:
    whole = size * FINE
    image = Image.new("RGB", (whole, whole), GREEN)
    draw = ImageDraw.Draw(image)
    for number, at in enumerate(seats(whole, whole * 0.22)):
        if number == 2:
            continue
        dot(draw, at, whole * (0.068 if number == YOU else 0.058), AMBER if number == YOU else WHITE)
    return image.resize((size, size), Image.Resampling.LANCZOS)


def outlined(size: int = 32) -> Image.Image:
    """White on nothing; who is you is a ring."""
    whole = size * FINE
    mask = Image.new("L", (whole, whole), 0)
    draw = ImageDraw.Draw(mask)
    for number, (x, y) in enumerate(seats(whole, whole * 0.36)):
        if number == 2:
            continue
        radius = whole * (0.115 if number == YOU else 0.09)
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
        if number == YOU:
            inner = radius * 0.5
            draw.ellipse((x - inner, y - inner, x + inner, y + inner), fill=0)
    image = Image.new("RGBA", (size, size), NOTHING)
    image.putalpha(mask.resize((size, size), Image.Resampling.LANCZOS))
    return image


def main() -> None:
    coloured().save(FOLDER / "color.png", optimize=True)
    outlined().save(FOLDER / "outline.png", optimize=True)


if __name__ == "__main__":
    main()
