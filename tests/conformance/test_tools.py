from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree
from schemathesis import HookContext
from tools.conformance.fuzz import Known, name_pattern
from tools.conformance.lender import json_only
from tools.conformance.prism import Prism
from tools.conformance.specification import NoSpecification, check_specification, corrected
from tools.conformance.wire_headers import filter_headers
from tools.conformance.xml_replies import converted

LOG = """\
[2:18:26 AM] › [CLI] ▶  start     Prism is listening on http://127.0.0.1:4932
[2:18:34 AM] › [HTTP SERVER] post /v1/consents ℹ  info      Request received
[2:18:34 AM] ›     [PROXY] ℹ  info      The upstream call to /v1/consents has returned 201
[2:18:34 AM] › [HTTP SERVER] get /v1/accounts/a1/transactions?bookingStatus=both ℹ  info      Request received
[2:18:34 AM] ›     [VALIDATOR] ⚠  warning   Violation: response Unable to match the returned status code
[2:18:34 AM] › [HTTP SERVER] get /v1/accounts/a2/transactions?pageIndex=2 ℹ  info      Request received
[2:18:34 AM] › [HTTP SERVER] put /v1/consents/c/authorisations/a ℹ  info      Request received
[2:18:34 AM] › [HTTP SERVER] put /v1/consents/c/authorisations/a ✖  error     Request terminated with error: \
https://stoplight.io/prism/errors#UNPROCESSABLE_ENTITY: Invalid request
"""
DOCUMENT = {
    "components": {
        "schemas": {
            "Item": {"type": "object", "xml": {"name": "item"}, "properties": {"amount": {"type": "number"}}}
        }
    }
}
REPLY = {
    "type": "object",
    "xml": {"name": "reply"},
    "properties": {
        "status": {"type": "string", "xml": {"attribute": True}},
        "items": {
            "type": "array",
            "xml": {"wrapped": True},
            "items": {"$ref": "#/components/schemas/Item"},
        },
    },
}


@pytest.fixture
def proxy(tmp_path: Path) -> Prism:
    log = tmp_path / "prism.log"
    log.write_text(LOG)
    return Prism("http://127.0.0.1:4932", log)


def test_calls_at_prism_are_counted_by_the_operation_of_the_standard(proxy: Prism) -> None:
    assert proxy.calls() == Counter(createConsent=1, getTransactionList=2, updateConsentsPsuData=1)


def test_a_refused_request_and_a_doubtful_answer_are_both_complaints(proxy: Prism) -> None:
    doubtful, refused = proxy.complaints()
    assert doubtful.startswith("get getTransactionList: Violation: response")
    assert refused.startswith("put updateConsentsPsuData: Request terminated with error")


def test_the_corrected_copy_means_an_empty_body_where_the_file_says_anything(tmp_path: Path) -> None:
    published = tmp_path / "published.yaml"
    published.write_text("oneOf: #Different Authorisation Bodies\n                - {}  \n    - $ref: x\n")
    copy = corrected(published, tmp_path).read_text()
    assert "- {type: object, maxProperties: 0}  \n" in copy


def test_a_file_without_that_fault_is_looked_at_again(tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text("openapi: 3.0.1\n")
    with pytest.raises(NoSpecification):
        corrected(other, tmp_path)


def test_without_the_file_the_message_says_how_to_name_it(tmp_path: Path) -> None:
    with pytest.raises(NoSpecification, match="--spec"):
        check_specification(tmp_path / "missing.yaml")


def test_an_xml_reply_becomes_the_object_that_its_schema_describes() -> None:
    element = etree.fromstring(
        '<reply status="200 OK"><items><item><amount>1.5</amount></item></items></reply>'
    )
    assert converted(element, REPLY, DOCUMENT) == {"status": "200 OK", "items": [{"amount": 1.5}]}


@pytest.mark.parametrize(
    "reply",
    [
        '<reply colour="red"/>',
        "<reply><secret/></reply>",
        "<reply><items><other/></items></reply>",
        "<reply><items/><items/></reply>",
        "<reply><status>200 OK</status></reply>",
        "<answer/>",
    ],
)
def test_what_the_description_does_not_know_is_a_fault(reply: str) -> None:
    with pytest.raises(ValueError, match=r"described|more than once"):
        converted(etree.fromstring(reply), REPLY, DOCUMENT)


@pytest.mark.parametrize(
    ("method", "operation", "fits"),
    [
        (None, "GET /v1/data.xml", True),
        (None, "DELETE /v1/data.xml", True),
        ("GET", "GET /v1/data.xml", True),
        ("GET", "DELETE /v1/data.xml", False),
        ("GET", "GET /v1/catalog.xml", False),
    ],
)
def test_what_is_known_goes_into_the_method_and_the_path_that_it_is_for(
    method: str | None, operation: str, fits: bool
) -> None:
    pattern = name_pattern(Known("^/v1/data", {}, method))
    assert (re.search(pattern, operation) is not None) is fits


@pytest.mark.parametrize(
    ("headers", "arrive"),
    [(None, True), ({}, True), ({"A": "b c"}, True), ({"A": "b "}, False), ({"A": "b", "C": "\td"}, False)],
)
def test_headers_that_would_lose_blanks_on_the_way_are_not_sent(
    headers: dict[str, str] | None, arrive: bool
) -> None:
    assert filter_headers(HookContext(), headers) is arrive


def test_only_replies_in_xml_may_be_anything_to_a_proxy_that_reads_json() -> None:
    described = {media: {"schema": {"type": "object"}} for media in ("application/json", "application/xml")}
    document = {"paths": {"/a": {"get": {"responses": {"200": {"content": described}, "204": {}}}}}}
    left = json_only(document)["paths"]["/a"]["get"]["responses"]["200"]["content"]
    assert left == {"application/json": {"schema": {"type": "object"}}, "application/xml": {}}
