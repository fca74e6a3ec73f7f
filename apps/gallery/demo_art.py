"""A dozen pictures drawn with Pillow and a little mathematics: something to look at in a fresh gallery.

Each painter returns the same picture every time; sizes are in pixels.
"""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

WIDTH, HEIGHT = 1280, 800
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Artwork:
    """A picture, what to say of it, and who may see it."""

    title: str
    tags: tuple[str, ...]
    visibility: str
    file_format: str
    paint: Callable[[], Image.Image]

    def encode(self) -> bytes:
        """Return the picture as a file."""
        buffer = BytesIO()
        self.paint().save(buffer, self.file_format, quality=92)
        return buffer.getvalue()


def sunset() -> Image.Image:
    """A low sun behind hills."""
    image = _sky((38, 20, 72), (255, 146, 84))
    _glow(image, (820, 520), 130, (255, 214, 140))
    for layer, colour in enumerate([(150, 60, 92), (98, 38, 82), (54, 22, 60), (24, 10, 34)]):
        _hills(image, 500 + 75 * layer, 70, layer, colour)
    return image


def moonrise() -> Image.Image:
    """A full moon and stars over blue mountains."""
    image = _sky((4, 8, 28), (44, 84, 140))
    _stars(image, 350)
    _glow(image, (380, 230), 75, (244, 240, 220))
    for layer, colour in enumerate([(38, 66, 112), (24, 44, 82), (12, 24, 50), (4, 10, 24)]):
        _hills(image, 460 + 90 * layer, 130 - 20 * layer, 10 + layer, colour)
    return image


def aurora() -> Image.Image:
    """Green and violet curtains of light."""
    image = _sky((2, 4, 20), (8, 30, 52))
    _stars(image, 250)
    for number, colour in enumerate([(40, 255, 150), (90, 120, 255), (200, 80, 255)]):
        image = ImageChops.screen(image, _curtain(number, colour))
    _hills(image, 690, 60, 21, (2, 6, 14))
    return image


def sea() -> Image.Image:
    """Waves under a pale sun."""
    image = _sky((120, 190, 230), (255, 236, 200))
    _glow(image, (640, 260), 60, (255, 250, 225))
    for layer in range(9):
        depth = layer / 8
        colour = _mix((120, 188, 205), (6, 50, 92), depth)
        _hills(image, 400 + 46 * layer, 8 + 16 * depth, 30 + layer, colour)
    return image


def city() -> Image.Image:
    """A skyline with lit windows."""
    image, dice = _sky((18, 12, 48), (212, 92, 120)), random.Random(5)  # noqa: S311
    draw = ImageDraw.Draw(image)
    for layer, colour in enumerate([(88, 48, 96), (52, 30, 74), (18, 14, 38)]):
        left = -20
        while left < WIDTH:
            width, top = dice.randint(50, 110), dice.randint(240 + 110 * layer, 440 + 110 * layer)
            draw.rectangle((left, top, left + width, HEIGHT), fill=colour)
            _windows(draw, dice, (left, top, width))
            left += width + dice.randint(0, 12)
    return image


def plasma() -> Image.Image:
    """Sine waves of colour."""
    return _field(
        lambda x, y: (
            math.sin(9 * x) + math.sin(7 * y + 2) + math.sin(6 * (x + y)) + math.sin(14 * math.hypot(x, y - 0.5))
        ),
        [(20, 20, 90), (220, 40, 120), (255, 190, 60), (40, 200, 200), (20, 20, 90)],
    )


def ripples() -> Image.Image:
    """Two stones thrown into one pond."""
    return _field(
        lambda x, y: 2 * (math.cos(40 * math.hypot(x - 0.4, y - 0.5)) + math.cos(40 * math.hypot(x - 1.2, y - 0.3))),
        [(6, 40, 60), (20, 110, 130), (150, 220, 210), (245, 255, 250)],
    )


def marble() -> Image.Image:
    """Veins in warm stone."""
    return _field(
        lambda x, y: 4 * math.sin(8 * x + 3 * math.sin(5 * y + 2 * math.sin(4 * x)) + math.sin(17 * y)),
        [(250, 240, 228), (226, 200, 176), (150, 100, 84), (60, 36, 40)],
    )


def sunflower() -> Image.Image:
    """Seeds set by the golden angle (https://en.wikipedia.org/wiki/Fermat%27s_spiral)."""
    image = _sky((22, 46, 40), (10, 22, 26))
    draw = ImageDraw.Draw(image)
    for number in range(900, 0, -1):
        angle, distance = number * math.pi * (3 - math.sqrt(5)), 12.8 * math.sqrt(number)
        x, y = WIDTH / 2 + distance * math.cos(angle), HEIGHT / 2 + distance * math.sin(angle)
        radius = 3 + number / 130
        colour = _mix((120, 60, 20), (255, 206, 60), min(1, number / 600))
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
    return image


def spiral() -> Image.Image:
    """A turning ribbon of lines."""
    image = _sky((14, 14, 30), (34, 16, 48))
    draw = ImageDraw.Draw(image)
    for step in range(360):
        angle, reach = step / 11, 1.05 * step
        x, y = WIDTH / 2 + 1.5 * reach * math.cos(angle), HEIGHT / 2 + reach * math.sin(angle)
        end = WIDTH / 2 + 1.5 * reach * math.cos(angle + 1.9), HEIGHT / 2 + reach * math.sin(angle + 1.9)
        draw.line((x, y, *end), fill=_mix((255, 90, 120), (80, 200, 255), step / 360), width=2)
    return image


def fractal() -> Image.Image:
    """The edge of the Mandelbrot set."""
    grey = Image.effect_mandelbrot((WIDTH, HEIGHT), (-0.7463, 0.1102, -0.7413, 0.1133), 200)
    return ImageOps.colorize(ImageOps.autocontrast(grey), "#0b0630", "#fff3c4", mid="#e0527a")


def tiles() -> Image.Image:
    """Quarter circles, turned at random (https://en.wikipedia.org/wiki/Truchet_tile)."""
    image, dice, side = Image.new("RGB", (WIDTH, HEIGHT), (244, 236, 220)), random.Random(3), 80  # noqa: S311
    draw = ImageDraw.Draw(image)
    colours = [(214, 72, 60), (38, 98, 112), (236, 172, 62)]
    for left in range(0, WIDTH, side):
        for top in range(0, HEIGHT, side):
            x, y = left + side * dice.randint(0, 1), top + side * dice.randint(0, 1)
            quarter = Image.new("L", (side, side))
            box = (x - left - side, y - top - side, x - left + side, y - top + side)
            ImageDraw.Draw(quarter).ellipse(box, fill=255)
            draw.bitmap((left, top), quarter, fill=dice.choice(colours))
    return image


ARTWORKS = (
    Artwork("Sunset over the hills", ("sunset", "hills", "nature"), "public", "JPEG", sunset),
    Artwork("Moonrise", ("night", "mountains", "nature"), "public", "JPEG", moonrise),
    Artwork("Northern lights", ("night", "aurora", "nature"), "public", "JPEG", aurora),
    Artwork("Morning at sea", ("sea", "nature"), "public", "JPEG", sea),
    Artwork("City after rain", ("city", "night"), "public", "PNG", city),
    Artwork("Plasma", ("abstract", "mathematics"), "public", "JPEG", plasma),
    Artwork("Two stones in a pond", ("water", "mathematics"), "public", "JPEG", ripples),
    Artwork("Sunflower", ("flower", "mathematics"), "public", "PNG", sunflower),
    Artwork("Quarter circles", ("abstract", "tiles"), "unlisted", "PNG", tiles),
    Artwork("Ribbon", ("abstract", "spiral"), "unlisted", "PNG", spiral),
    Artwork("Edge of infinity", ("mathematics", "fractal"), "private", "JPEG", fractal),
    Artwork("Marble study", ("abstract", "stone"), "private", "JPEG", marble),
)


def _mix(first: Colour, second: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def _sky(top: Colour, bottom: Colour) -> Image.Image:
    gradient = Image.linear_gradient("L").resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    return ImageOps.colorize(gradient, top, bottom)


def _hills(image: Image.Image, base: float, height: float, seed: int, colour: Colour) -> None:
    waves = [(1.7, 1.0), (3.9, 0.5), (8.3, 0.25), (17.0, 0.1)]
    points: list[tuple[float, float]] = [
        (x, base - height * sum(size * math.sin(rate * x / 400 + seed * 2.4 * rate) for rate, size in waves))
        for x in range(0, WIDTH + 4, 4)
    ]
    ImageDraw.Draw(image).polygon([*points, (WIDTH, HEIGHT), (0, HEIGHT)], fill=colour)


def _glow(image: Image.Image, centre: tuple[int, int], radius: int, colour: Colour) -> None:
    side = radius * 6
    light = (
        ImageOps.invert(Image.radial_gradient("L")).resize((side, side)).point(lambda value: max(0, value - 75) * 0.9)
    )
    image.paste(colour, (centre[0] - side // 2, centre[1] - side // 2), light)
    x, y = centre
    ImageDraw.Draw(image).ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)


def _stars(image: Image.Image, number: int) -> None:
    draw, dice = ImageDraw.Draw(image), random.Random(number)  # noqa: S311
    for _ in range(number):
        x, y, light = dice.randrange(WIDTH), dice.randrange(HEIGHT * 2 // 3), dice.randint(90, 255)
        draw.ellipse((x, y, x + light // 120, y + light // 120), fill=(light, light, light))


def _curtain(number: int, colour: Colour) -> Image.Image:
    # Drawn small and blown up: the softness costs nothing.
    small = Image.new("RGB", (WIDTH // 4, HEIGHT // 4))
    draw = ImageDraw.Draw(small)
    for x in range(small.width):
        foot = 105 + 14 * number + 20 * math.sin(x / 31 + number * 2) + 9 * math.sin(x / 11 + number)
        tall = 60 + 25 * math.sin(x / 7 + number * 5)
        for step in range(20):
            y = foot - tall * step / 20
            draw.line((x, y, x, y - tall / 20), fill=_mix(colour, (0, 0, 0), 0.25 + step / 27))
    return small.filter(ImageFilter.GaussianBlur(2)).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)


def _windows(draw: ImageDraw.ImageDraw, dice: random.Random, house: tuple[int, int, int]) -> None:
    left, top, width = house
    for x in range(left + 8, left + width - 8, 14):
        for y in range(top + 10, HEIGHT, 20):
            if dice.random() < 0.3:
                draw.rectangle((x, y, x + 6, y + 9), fill=(255, 214, 130))


def _field(height: Callable[[float, float], float], colours: list[Colour]) -> Image.Image:
    """Colour each point by a height between -4 and 4; x runs from 0 to 1.6, y from 0 to 1."""
    small = Image.new("L", (WIDTH // 5, HEIGHT // 5))
    small.putdata(
        [
            round(255 * (height(x / small.height, y / small.height) + 4) / 8)
            for y in range(small.height)
            for x in range(small.width)
        ]
    )
    grey = small.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    return Image.merge("RGB", [grey.point(_ramp([colour[band] for colour in colours])) for band in range(3)])


def _ramp(stops: list[int]) -> list[int]:
    """Return 256 values that lead evenly from stop to stop."""
    steps = len(stops) - 1
    places = [value * steps / 256 for value in range(256)]
    return [round(stops[int(p)] + (stops[int(p) + 1] - stops[int(p)]) * (p - int(p))) for p in places]
