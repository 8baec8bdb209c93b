"""Whether the holder of an account is a company: by the legal form in its name.

People and sole traders have none; the firm of a sole trader holds their name. Source: the forms of the
Polish Commercial Companies Code (art. 1, 300), the Civil Code (art. 860), and of the acts on foundations,
associations, cooperatives and flat owners.
"""

from __future__ import annotations

import re

from kontora.statements.rows.marks import fold

_ENDINGS = (
    "sp z o ?o",
    "sp zoo",
    "spolka z o ?o",
    "spolka z ograniczona odpowiedzialnoscia",
    "prosta spolka akcyjna",
    "spolka akcyjna",
    "p ?s ?a",
    "s ?k ?a",
    "sp j",
    "spolka jawna",
    "sp k",
    "spolka komandytowa",
    "sp p",
    "spolka partnerska",
    "s ?c",
    "spolka cywilna",
)
_ANYWHERE = ("fundacja", "stowarzyszenie", "spoldzielnia", "wspolnota mieszkaniowa", "towarzystwo")
# `SA` without dots may be a surname; with dots, or written out, it is a form.
_DOTTED_SA = re.compile(r"(?<![A-Za-z])S\. ?A\.?(?![A-Za-z])")
_FORMS = re.compile(
    "(?<![a-z])(?:(?:" + "|".join(_ENDINGS) + ")(?: |$)|(?:" + "|".join(_ANYWHERE) + ")(?![a-z]))"
)


def is_company(name: str) -> bool:
    """Say whether a holder's name has the legal form of a company. Example: `ABC Sp. z o.o.`."""
    if _DOTTED_SA.search(name):
        return True
    plain = " ".join(fold(name).replace(".", " ").replace(",", " ").split())
    return _FORMS.search(plain) is not None
