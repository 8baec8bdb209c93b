"""States of a conversation: one for each thing that a bank may ask, and each ending."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Any

State = dict[str, Any]

BANK = {"name": "KontoBankApi", "officialName": "KontoBank", "loginName": None}
PAIR = {
    "target": "KontoBankApi",
    "sessionId": "4551649741234",
    "sessionIdSignature": "5f" * 32,
    "options": {"officialName": "KontoBank", "multipleAccessId": "m-1"},
}


def picture(width: int = 200, height: int = 70, seed: int = 7) -> str:
    """A small PNG, base64: stripes that stand for a CAPTCHA or a security picture."""
    rows = b"".join(
        b"\0" + bytes((x * seed + y * 3) // 9 % 5 * 40 + 60 for x in range(width)) for y in range(height)
    )

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    png = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
    return base64.b64encode(png).decode()


def question(kind: str, **details: Any) -> State:
    """One question; what is not told is absent or null."""
    return {"kind": kind, "name": "", "description": None, "asterisked": False, "options": [], **details}


def asked(*questions: State, **more: Any) -> State:
    """A state with questions."""
    return {"state": "questions", "questions": list(questions), "target": BANK, **more}


def failed(exception: str, *, friendly: str | None = None, can_retry: bool = True) -> State:
    """A failure."""
    return {
        "state": "failed",
        "target": BANK,
        "sessionId": PAIR["sessionId"],
        "failure": {
            "exception": exception,
            "message": f"KontoBankApi: {exception}",
            "friendlyMessage": friendly,
            "canRetry": can_retry,
        },
    }


QUESTIONS: dict[str, State] = {
    "login": asked(question("STATIC_LOGIN"), question("STATIC_PASSWORD", asterisked=True)),
    "login-named": {
        **asked(question("STATIC_LOGIN")),
        "target": {**BANK, "loginName": "Numer klienta", "screenshot": "/assets/signin/icon.svg"},
    },
    "personal-number": asked(question("PERSONAL_NUMBER"), question("STATIC_PASSWORD", asterisked=True)),
    "company-login": asked(question("COMPANY_LOGIN"), question("STATIC_LOGIN")),
    "sms": asked(
        question("SMS_CODE", description="SMS no. 4", sentTo="+48 *** *** 123", pattern="^[0-9]{1,6}$")
    ),
    "otp": asked(question("MOBILE_OTP")),
    "token": asked(question("HARDWARE_TOKEN", challenge="4711 0815")),
    "code-list": asked(question("CODE_LIST", challenge="17")),
    "captcha": asked(question("CAPTCHA", imageBase64=picture())),
    "picture": asked(
        question(
            "PICTURE",
            imageBase64=picture(120, 120, 3),
            options=[{"value": "yes", "label": "Yes"}, {"value": "no", "label": "No"}],
            subject="PICTURE",
        ),
        question("STATIC_PASSWORD", asterisked=True),
    ),
    "photo-code": asked(question("PICTURE", imageBase64=picture(120, 120, 5))),
    "context": asked(
        question(
            "CHOICE",
            subject="CONTEXT",
            options=[{"value": "1", "label": "Jan Kowalski"}, {"value": "2", "label": "Kowalski Sp. z o.o."}],
        )
    ),
    "choice": asked(
        question(
            "CHOICE",
            subject="METHOD",
            options=[
                {"value": "sms", "label": "SMS to +48 *** *** 123"},
                {"value": "push", "label": "KontoBank app on “Jan’s phone”"},
                {"value": "token", "label": "Hardware token"},
            ],
        )
    ),
    "long-choice": asked(
        question(
            "CHOICE",
            options=[{"value": str(number), "label": f"Company {number}"} for number in range(1, 13)],
        )
    ),
    "masked": asked(
        question("STATIC_PASSWORD", asterisked=True, mask={"length": 12, "positions": [1, 3, 4, 8, 11]})
    ),
}

OTHERS: dict[str, State] = {
    "choose": {"state": "choose"},
    "redirect": {
        "state": "redirect",
        "target": BANK,
        "redirect": {"url": "/signin/redirect/r-1", "mode": "popup"},
    },
    "redirect-same": {
        "state": "redirect",
        "target": BANK,
        "redirect": {"url": "/signin/redirect/r-1", "mode": "sameWindow"},
    },
    "redirect-cut": {
        "state": "redirect",
        "target": BANK,
        "redirect": {"url": "/signin/redirect/cut", "mode": "popup"},
    },
    "wait": {
        "state": "wait",
        "target": BANK,
        "questions": [question("APP_CONFIRMATION", description="Confirm no. 7341 on “Jan’s phone”.")],
    },
    "working": {"state": "working", "target": BANK},
    "signed-in": {"state": "signedIn", "target": BANK, "signedIn": PAIR},
    "importing": {"state": "importing", "target": BANK, "signedIn": PAIR, "progress": 0.42},
    "imported": {"state": "imported", "target": BANK, "signedIn": PAIR, "progress": 1},
    "failed-owner": failed("InvalidCredentials", friendly="Two attempts are left."),
    "failed-bank": failed("ServiceMaintenance"),
    "failed-us": failed("Overloaded"),
    "failed-final": failed("AccessBlocked", can_retry=False),
}

STATES = QUESTIONS | OTHERS
