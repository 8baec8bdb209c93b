"""What a refusal shows of the caller is text, whatever the caller sent (A07)."""

from __future__ import annotations

import pytest
from tests.api.conftest import RunningApi


@pytest.mark.parametrize(
    "key", ["<x" + "0" * 60 + "/>", "&a" + "0" * 60 + ";;", "]]" + "0" * 60 + "&#", "<!" + "-" * 60 + "<?"]
)
def test_the_shown_ends_of_a_key_that_is_markup_are_escaped(api: RunningApi, key: str) -> None:
    reply = api.get("/v1/catalog.xml", key=key)
    assert reply.status == 401
    assert [child.tag for child in reply.xml.iter()] == ["reply", "comment"]
    assert f'"{key[:2]}**************{key[-2:]}"' in reply.xml.findtext("comment")
