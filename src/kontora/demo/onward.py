"""Where things are while the demo stays, and shell lines to go on with."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text


@dataclass(frozen=True, slots=True)
class Places:
    """The addresses of what runs. The key belongs to a client that ends with the demo."""

    api_url: str
    metrics_url: str
    bank_url: str
    key: str = field(repr=False)
    login: str
    owner_external_id: str
    folder: Path
    lender_url: str | None = None


def addresses(places: Places) -> tuple[tuple[str, str], ...]:
    """Return names with addresses, in the order in which they are shown."""
    lender = () if places.lender_url is None else (("A lender's page", f"{places.lender_url}/"),)
    return (
        *lender,
        ("API", f"{places.api_url}/v1/"),
        ("OpenAPI", f"{places.api_url}/openapi.json"),
        ("Metrics", f"{places.metrics_url}/metrics"),
        ("KontoBank", f"{places.bank_url}/"),
        ("Data", str(places.folder)),
    )


def shell_lines(places: Places) -> tuple[tuple[str, str], ...]:
    """Return pairs of a comment and a line; pasted one after the other into a shell, they work."""
    ask = 'curl -sS -H "X-Api-Key: $KEY"'
    pair = r's/.*<session id="([0-9]+)" signature="([0-9a-f]+)".*/sessionId=\1\&sessionIdSignature=\2/p'
    number = r's/.*<command id="([0-9]+)".*/\1/p'
    form = f"-d login={places.login}.2 -d country=pl -d ownerExternalId=me"
    data = f"$API/data.xml?ownerExternalId={places.owner_external_id}"
    return (
        ("where, and as whom", f"API={places.api_url}/v1 KEY={places.key}"),
        (
            "sign another owner in at KontoBank",
            f"SESSION=$({ask} $API/mock-session.xml {form} | sed -nE '{pair}'); echo $SESSION",
        ),
        (
            "start the default import",
            f'COMMAND=$({ask} $API/command/default-import.xml -d "$SESSION"'
            f" | sed -nE '{number}'); echo $COMMAND",
        ),
        ("poll it, until its state is successful", f"{ask} $API/command/$COMMAND.xml"),
        ("read the data of the owner above", f'{ask} "{data}"'),
        ("delete that data", f'{ask} -X DELETE "{data}"'),
    )


def print_places(console: Console, places: Places) -> None:
    """Print the addresses."""
    grid = Table.grid(padding=(0, 2))
    for name, address in addresses(places):
        grid.add_row(Text(name, style="dim"), Text(address))
    console.print()
    console.print(grid)


def print_shell_lines(console: Console, places: Places, *, keep: bool) -> None:
    """Print the shell lines, each unbroken so that it can be copied whole."""
    end = "ends everything" if keep else "ends everything and deletes the data"
    console.print(Text(f"\nGo on in another terminal; Ctrl-C here {end}.\n"))
    for comment, line in shell_lines(places):
        console.print(Text(f"# {comment}", style="dim"), soft_wrap=True)
        console.print(Text(line), soft_wrap=True)
