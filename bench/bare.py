"""A bare uvicorn application that returns given bytes: what polls are compared with. Run as a script."""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path
from typing import Any

import uvicorn


def main() -> None:
    """Serve the reply in the file that is named, with its headers."""
    given = json.loads(Path(sys.argv[1]).read_text())
    body = given["body"].encode()
    headers = [(name.encode(), value.encode()) for name, value in given["headers"]]
    begin = {"type": "http.response.start", "status": 200, "headers": headers}
    end = {"type": "http.response.body", "body": body}

    async def app(_scope: dict[str, Any], _receive: Any, send: Any) -> None:
        await send(begin)
        await send(end)

    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    print(f"Bare application on http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    config = uvicorn.Config(
        app, loop="uvloop", http="httptools", lifespan="off", access_log=False, server_header=False
    )
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
