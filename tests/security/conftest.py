"""Parts that tests of several rooms have, put at the disposal of the tests of requirements."""

from tests.api.conftest import api, start_api
from tests.commands.conftest import bank, line
from tests.line.conftest import open_town, town

__all__ = ["api", "bank", "line", "open_town", "start_api", "town"]
