"""Small pictures, drawn here: a text to be read (a CAPTCHA, a code), and a thing to be recognised."""

from __future__ import annotations

import struct
import zlib
from random import Random

Colour = tuple[int, int, int]

# Seven rows of five dots. What people confuse (0 O, 1 I, 2 Z, 5 S, 8 B, G Q) is left out.
_LETTERS: dict[str, tuple[str, ...]] = {
    "3": ("####.", "....#", "....#", ".###.", "....#", "....#", "####."),
    "4": ("#..#.", "#..#.", "#..#.", "#####", "...#.", "...#.", "...#."),
    "6": (".###.", "#....", "#....", "####.", "#...#", "#...#", ".###."),
    "7": ("#####", "....#", "...#.", "..#..", "..#..", "..#..", "..#.."),
    "9": (".###.", "#...#", "#...#", ".####", "....#", "....#", ".###."),
    "A": (".###.", "#...#", "#...#", "#####", "#...#", "#...#", "#...#"),
    "C": (".###.", "#...#", "#....", "#....", "#....", "#...#", ".###."),
    "D": ("####.", "#...#", "#...#", "#...#", "#...#", "#...#", "####."),
    "E": ("#####", "#....", "#....", "####.", "#....", "#....", "#####"),
    "F": ("#####", "#....", "#....", "####.", "#....", "#....", "#...."),
    "H": ("#...#", "#...#", "#...#", "#####", "#...#", "#...#", "#...#"),
    "K": ("#...#", "#..#.", "#.#..", "##...", "#.#..", "#..#.", "#...#"),
    "L": ("#....", "#....", "#....", "#....", "#....", "#....", "#####"),
    "M": ("#...#", "##.##", "#.#.#", "#.#.#", "#...#", "#...#", "#...#"),
    "N": ("#...#", "##..#", "#.#.#", "#..##", "#...#", "#...#", "#...#"),
    "P": ("####.", "#...#", "#...#", "####.", "#....", "#....", "#...."),
    "R": ("####.", "#...#", "#...#", "####.", "#.#..", "#..#.", "#...#"),
    "T": ("#####", "..#..", "..#..", "..#..", "..#..", "..#..", "..#.."),
    "X": ("#...#", "#...#", ".#.#.", "..#..", ".#.#.", "#...#", "#...#"),
    "Y": ("#...#", "#...#", ".#.#.", "..#..", "..#..", "..#..", "..#.."),
}
READABLE = "".join(_LETTERS)

_THINGS: dict[str, tuple[str, ...]] = {
    "house": ("....##....", "...####...", "..######..", ".########.", "##########", ".########.",
              ".##..####.", ".##..#..#.", ".##..####.", ".##..####."),
    "boat": (".....#....", ".....##...", ".....###..", ".....####.", ".....#####", ".....#....",
             ".....#....", "##########", ".########.", "..######.."),
    "tree": ("....##....", "...####...", "..######..", "...####...", "..######..", ".########.",
             "##########", "....##....", "....##....", "...####..."),
    "key": (".####.....", "##..##....", "#....#....", "#....#####", "##..##...#", ".####...##",
            ".........#", "..........", "..........", ".........."),
    "fish": ("..........", "#...####..", "##.######.", "#######.##", "##########", "#########.",
             "##.######.", "#...####..", "..........", ".........."),
}  # fmt: skip
THINGS = tuple(_THINGS)


def text_picture(text: str, seed: str) -> bytes:
    """Draw a text of `READABLE` letters, a little shaken and crossed by lines. Returns a PNG."""
    rng = Random(seed)  # noqa: S311  # a practice bank, nothing secret
    scale, step = 6, 42
    width, height = step * len(text) + 16, 76
    canvas = _Canvas(width, height, (250, 248, 240))
    for _ in range(4):
        canvas.line(rng.randrange(height), rng.randrange(height), (196, 204, 220))
    for turn, letter in enumerate(text):
        colour = (rng.randrange(20, 80), rng.randrange(20, 80), rng.randrange(60, 120))
        left, top = 14 + step * turn + rng.randrange(-3, 4), 17 + rng.randrange(-6, 7)
        canvas.stamp(_LETTERS[letter], left, top, scale, colour)
    return canvas.png()


def thing_picture(name: str) -> bytes:
    """Draw one of `THINGS`. Returns a PNG."""
    canvas = _Canvas(120, 120, (232, 240, 252))
    canvas.stamp(_THINGS[name], 10, 10, 10, (11, 92, 173))
    return canvas.png()


class _Canvas:
    """Dots of colour, row by row."""

    def __init__(self, width: int, height: int, paper: Colour) -> None:
        self._width, self._height = width, height
        self._dots = bytearray(bytes(paper) * (width * height))

    def stamp(self, rows: tuple[str, ...], left: int, top: int, scale: int, colour: Colour) -> None:
        """Put a bitmap somewhere, enlarged."""
        for y, row in enumerate(rows):
            for x, dot in enumerate(row):
                if dot == "#":
                    self._fill(left + x * scale, top + y * scale, scale, colour)

    def line(self, from_y: int, to_y: int, colour: Colour) -> None:
        """Draw a line across."""
        for x in range(self._width):
            self._fill(x, from_y + (to_y - from_y) * x // self._width, 1, colour)

    def _fill(self, left: int, top: int, size: int, colour: Colour) -> None:
        for y in range(max(0, top), min(self._height, top + size)):
            for x in range(max(0, left), min(self._width, left + size)):
                place = 3 * (y * self._width + x)
                self._dots[place : place + 3] = bytes(colour)

    def png(self) -> bytes:
        """Return the picture as PNG. Source: PNG specification, third edition, colour type 2."""
        stride = 3 * self._width
        rows = b"".join(
            b"\0" + self._dots[start : start + stride] for start in range(0, len(self._dots), stride)
        )
        header = struct.pack(">IIBBBBB", self._width, self._height, 8, 2, 0, 0, 0)
        chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
