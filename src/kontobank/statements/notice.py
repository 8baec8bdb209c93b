"""What is printed under every document."""

from __future__ import annotations

BANK = "KontoBank S.A. – bank ćwiczebny"
NOTICE = (
    "Dokument wygenerowany elektronicznie na podstawie art. 7 ustawy Prawo bankowe. "
    "Nie wymaga podpisu ani stempla."
)
SEALED = "Dokument opatrzony pieczęcią elektroniczną KontoBank S.A."
