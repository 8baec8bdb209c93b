"""XML payloads of replies: what a finished command brought, and all data of an owner."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol

import msgspec

from kontora.model import Account, CreditCard, Import
from kontora.wire import parts
from kontora.wire.characters import attribute, text
from kontora.wire.told_labels import NOTHING, Shown, WriteLabels, label_writer


class Question(Protocol):
    """What the wire room reads of a challenge to the owner."""

    @property
    def kind(self) -> str:
        """One of the kinds of `wire.md` 3.8."""
        ...

    @property
    def name(self) -> str:
        """The label beside the field."""
        ...

    @property
    def description(self) -> str | None:
        """The bank's own words."""
        ...

    @property
    def asterisked(self) -> bool:
        """Whether the value must be hidden as it is typed."""
        ...

    @property
    def supported(self) -> bool:
        """Whether Kontora can pass it on."""
        ...

    @property
    def options(self) -> Sequence[tuple[str, str]]:
        """Pairs of value and label, for a choice."""
        ...

    @property
    def url(self) -> str | None:
        """Where the owner must go."""
        ...

    @property
    def image_base64(self) -> str | None:
        """A picture to show."""
        ...

    @property
    def mask(self) -> object | None:
        """Which characters of a password are asked for."""
        ...


def render_result(imported: Import, *, command: str, shown: Shown = NOTHING) -> bytes:
    """Render the element `<result>…</result>` of a finished command, UTF-8, without a prolog.

    `command`: the name on the wire; one that brings nothing renders an empty result. Money
    transactions keep the order of the model. Cut money transactions are marked on their account or
    card, or on `moneyTransactions` where a command brings these alone.
    Source: wire.md, 4.4 and 5.
    """
    render = _RESULTS.get(command)
    content = "" if render is None else render(imported, label_writer(shown, imported.country))
    return f"<result>{content}</result>".encode() if content else b"<result/>"


def _everything(imported: Import, write_labels: WriteLabels) -> str:
    cards = imported.credit_cards
    return "".join(
        (
            parts.owners(imported.owners),
            parts.accounts(imported.accounts, write_labels),
            "" if cards is None else parts.credit_cards(cards, write_labels),
        )
    )


def _owners(imported: Import, _write_labels: WriteLabels) -> str:
    return parts.owners(imported.owners)


def _accounts(imported: Import, _write_labels: WriteLabels) -> str:
    return parts.accounts(imported.accounts, None)


def _credit_cards(imported: Import, _write_labels: WriteLabels) -> str:
    return parts.credit_cards(imported.credit_cards or (), None)


def _money_transactions(imported: Import, write_labels: WriteLabels) -> str:
    sources: tuple[Account | CreditCard, ...] = (*imported.accounts, *(imported.credit_cards or ()))
    return parts.money_transactions(
        (item for source in sources for item in source.money_transactions),
        write_labels,
        partial=any(source.partial_due_to_timeout for source in sources),
    )


_RESULTS: dict[str, Callable[[Import, WriteLabels], str]] = {
    "DefaultImportCommand": _everything,
    "ImportOwnersDetailsCommand": _owners,
    "ImportAccountsCommand": _accounts,
    "ImportAccountTransactionsCommand": _money_transactions,
    "ImportCreditCardsCommand": _credit_cards,
    "ImportCreditCardTransactionsCommand": _money_transactions,
}


def render_credentials_metadata(challenges: Sequence[Question]) -> bytes:
    """Render `<result>` with the credentials that the bank still asks for.

    `option` carries the value to send back as attribute, its label as text. `url` and `image` (Base64)
    are there only where the bank sends the owner elsewhere, or shows a picture.
    Source: wire.md, 3.7 and 3.8.
    """
    asked = "".join(map(credential_metadata, challenges))
    return f"<result><credentialsMetadata>{asked}</credentialsMetadata></result>".encode()


def credential_metadata(question: Question) -> str:
    """Write one `credentialMetadata`."""
    mask = None if question.mask is None else msgspec.json.encode(question.mask).decode()
    optional = (("mask", mask), ("url", question.url), ("image", question.image_base64))
    choices = "".join(
        f'<option value="{attribute(value)}">{text(label)}</option>' for value, label in question.options
    )
    description = question.description
    return "".join(
        (
            f'<credentialMetadata kind="{attribute(str(question.kind))}"><name>{text(question.name)}</name>',
            "" if description is None else f"<description>{text(description)}</description>",
            f"<supported>{_flag(question.supported)}</supported>",
            f"<asterisked>{_flag(question.asterisked)}</asterisked>",
            "".join(f"<{name}>{text(value)}</{name}>" for name, value in optional[:1] if value is not None),
            f"<choice>{choices}</choice>" if choices else "",
            "".join(f"<{name}>{text(value)}</{name}>" for name, value in optional[1:] if value is not None),
            "</credentialMetadata>",
        )
    )


def _flag(value: bool) -> str:
    return "true" if value else "false"


def render_owner_data(
    targets: Sequence[Import],
    *,
    owner_external_id: str,
    created_at: datetime,
    last_change_at: datetime,
    origin: str,
    official_names: Mapping[str, str],
    shown: Shown = NOTHING,
) -> bytes:
    """Render the element `<owner>…</owner>` of data.xml. `targets`: the owner's imports, merged, one each.

    `official_names`: the bank's name by target; a target that is not there is called by its own name.
    Source: wire.md, 8.1.
    """
    created = _moment(created_at)
    written = "".join(
        _target(merged, official_names.get(merged.target, merged.target), shown) for merged in targets
    )
    return (
        f'<owner externalId="{attribute(owner_external_id)}" createdAt="{created}" updatedAt="{created}"'
        f' origin="{attribute(origin)}" lastChange="{_moment(last_change_at)}">{written}</owner>'
    ).encode()


def render_statement(
    imported: Import, *, statement_id: int, is_consistent: bool, official_name: str, shown: Shown = NOTHING
) -> bytes:
    """Render the element `<statement>…</statement>`: what a statement brought. Source: wire.md, 10.2."""
    write_labels = label_writer(shown, imported.country)
    return "".join(
        (
            f'<statement id="{statement_id}" isConsistent="{_flag(is_consistent)}">',
            f'<target name="{attribute(imported.target)}" officialName="{attribute(official_name)}"',
            f' institution="{attribute(imported.institution)}">',
            parts.owners(imported.owners),
            parts.accounts(imported.accounts, write_labels),
            parts.credit_cards(imported.credit_cards or (), write_labels),
            "</target></statement>",
        )
    ).encode()


def _target(merged: Import, official_name: str, shown: Shown) -> str:
    write_labels = label_writer(shown, merged.country)
    return "".join(
        (
            f'<target name="{attribute(merged.target)}" officialName="{attribute(official_name)}"',
            f' institution="{attribute(merged.institution)}" origin="{attribute(merged.origin)}">',
            parts.owners(merged.owners),
            parts.accounts(merged.accounts, write_labels),
            parts.credit_cards(merged.credit_cards or (), write_labels),
            "<deposits></deposits></target>",
        )
    )


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
