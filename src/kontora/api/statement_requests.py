"""What requests about statements may say, and how it is read."""

from __future__ import annotations

from kontora.api.commands import parse_id
from kontora.api.endpoints import FLAG, OWNER_ID, Parameter
from kontora.api.forms import LONGEST_FILE_NAME, Form, plain_name
from kontora.api.parameters import Parameters
from kontora.commands.statement_details import StatementRequest
from kontora.errors import InvalidParameter

LONGEST_PASSWORD = 500

OWNER = Parameter(
    name="ownerExternalId", description="Your id of the owner; made where it is missing.", schema=OWNER_ID
)
PASSWORD = Parameter(
    name="password",
    description="Of a protected file.",
    schema={"type": "string", "maxLength": LONGEST_PASSWORD},
)
FILE_NAME = Parameter(
    name="fileName",
    description="As your customer calls it; the name of the file part, if it is missing.",
    schema={"type": "string", "maxLength": LONGEST_FILE_NAME},
)
ACCEPT = Parameter(
    name="acceptInconsistent", description="Accept documents that have no balances.", schema=FLAG
)
EVIDENCE = Parameter(
    name="evidence", description="Add the pages with the suspicious places framed.", schema=FLAG
)
LISTING = (
    Parameter(name="ownerExternalId", description="Your id of the owner.", required=True, schema=OWNER_ID),
    Parameter(
        name="includePdf", description="Add the files as Base64; 32 MiB together at most.", schema=FLAG
    ),
    Parameter(
        name="statementId",
        description="Only this one.",
        schema={"type": "string", "pattern": "^[0-9]{1,19}$"},
    ),
)


def parse_statement_id(parameters: Parameters) -> int | None:
    """Read the filter; `None` for all.

    Raises: InvalidParameter, if it is not of the form of an id.
    """
    given = parameters.optional("statementId")
    if given is None:
        return None
    found = parse_id(given)
    if found is None:
        raise InvalidParameter("Parameter statementId must be the digits of an id.")
    return found


def parse_request(form: Form, *, trusted: bool = False) -> StatementRequest:
    """Read what a client sent.

    Raises: InvalidParameter, NotPdf, PdfTooLarge.
    """
    file, given = form.required_file(), form.parameters
    password = given.optional("password") or None
    if password is not None and len(password) > LONGEST_PASSWORD:
        raise InvalidParameter(f"Parameter password is over {LONGEST_PASSWORD} characters.")
    return StatementRequest(
        pdf=file.content,
        file_name=plain_name(given.optional("fileName")) or file.name,
        owner_external_id=given.optional("ownerExternalId"),
        password=password,
        trusted=trusted,
        accept_inconsistent=given.flag("acceptInconsistent", default=False),
        evidence=given.flag("evidence", default=False),
    )
