"""The bodies that third parties send, as the standard declares them.

Source: PolishAPI 2.1.2; the classes carry the names of its definitions.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct, field

Text64 = Annotated[str, Meta(min_length=1, max_length=64)]
Number = Annotated[str, Meta(min_length=1, max_length=34)]
Amount = Annotated[str, Meta(pattern=r"^(0|([1-9][0-9]{0,}))\.\d{2}$")]
Limit = Literal["single", "multiple"]


class RequestHeader(Struct):
    """RequestHeaderAISCallback, and its relatives for the other services."""

    requestId: UUID
    sendDate: datetime | None = None
    tppId: str | None = None
    userAgent: str | None = None
    ipAddress: str | None = None
    token: str | None = None
    isDirectPsu: bool = False
    callbackURL: str | None = None
    apiKey: str | None = None


class Use(Struct):
    """PrivilegeAisAspspInSimple."""

    scopeUsageLimit: Limit = "multiple"


class History(Struct):
    """PrivilegeAisAspspIn."""

    maxAllowedHistoryLong: Annotated[int, Meta(ge=1, le=1460)]
    scopeUsageLimit: Limit = "multiple"


class Privileges(Struct, omit_defaults=True):
    """ScopeDetailsInputPrivilegeList, without payments."""

    accountNumber: Number | None = None
    list_accounts: Use | None = field(default=None, name="ais-accounts:getAccounts")
    account: Use | None = field(default=None, name="ais:getAccount")
    holds: History | None = field(default=None, name="ais:getHolds")
    done: History | None = field(default=None, name="ais:getTransactionsDone")
    pending: History | None = field(default=None, name="ais:getTransactionsPending")
    rejected: History | None = field(default=None, name="ais:getTransactionsRejected")
    cancelled: History | None = field(default=None, name="ais:getTransactionsCancelled")
    scheduled: History | None = field(default=None, name="ais:getTransactionsScheduled")
    detail: Use | None = field(default=None, name="ais:getTransactionDetail")


class ScopeDetails(Struct):
    """ScopeDetailsInput."""

    scopeGroupType: Literal["ais-accounts", "ais", "pis"]
    consentId: Text64
    scopeTimeLimit: datetime
    throttlingPolicy: Literal["psd2Regulatory"]
    privilegeList: list[Privileges] = []


class AuthorizeRequest(Struct):
    """Asks for the owner's confirmation."""

    requestHeader: RequestHeader
    response_type: str
    client_id: Annotated[str, Meta(min_length=1)]
    redirect_uri: str
    scope: str
    scope_details: ScopeDetails
    state: Annotated[str, Meta(min_length=1)]


class TokenRequest(Struct):
    """Asks for a token."""

    grant_type: str
    requestHeader: RequestHeader
    Code: str = ""
    redirect_uri: str = ""
    client_id: str = ""
    refresh_token: str = ""
    exchange_token: str = ""
    scope: str = ""
    scope_details: ScopeDetails | None = None
    is_user_session: bool = False
    user_ip: str | None = None
    user_agent: str | None = None


class DeleteConsentRequest(Struct):
    """Ends a consent."""

    requestHeader: RequestHeader
    consentId: str


class AccountsRequest(Struct):
    """Asks for the list of accounts."""

    requestHeader: RequestHeader
    typeOfPsuRelation: (
        Literal["Owner", "Borrower", "Guarantor", "ProxyOwner", "Beneficiary", "Trustee"] | None
    ) = None
    pageId: str | None = None
    perPage: Annotated[int, Meta(ge=1)] = 100


class AccountInfoRequest(Struct):
    """Asks for one account."""

    requestHeader: RequestHeader
    accountNumber: Number


class TransactionInfoRequest(Struct):
    """Asks for a list of money transactions or holds."""

    requestHeader: RequestHeader
    accountNumber: Number
    itemIdFrom: Text64 | None = None
    transactionDateFrom: date | None = None
    transactionDateTo: date | None = None
    bookingDateFrom: date | None = None
    bookingDateTo: date | None = None
    minAmount: Amount | None = None
    maxAmount: Amount | None = None
    pageId: str | None = None
    perPage: Annotated[int, Meta(ge=1)] = 100
    type: Literal["CREDIT", "DEBIT"] | None = None


class TransactionDetailRequest(Struct):
    """Asks for one money transaction."""

    requestHeader: RequestHeader
    itemId: Text64
    accountNumber: Number
    bookingDate: datetime | None = None
