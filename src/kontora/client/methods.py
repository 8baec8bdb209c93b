"""What a client can do is written once, as a conversation, and becomes a method of both clients."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Coroutine
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from kontora.client.conversations import Conversation, T
from kontora.client.pacing import Pacing

P = ParamSpec("P")
M = TypeVar("M", bound=Callable[..., Any])
_SELF = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)


class Blocking(Protocol):
    """Holds conversations, and blocks meanwhile."""

    pacing: Pacing

    def _hold(self, conversation: Conversation[T]) -> T: ...


class Asynchronous(Protocol):
    """Holds conversations inside an event loop."""

    pacing: Pacing

    async def _hold(self, conversation: Conversation[T]) -> T: ...


def blocking(
    call: Callable[Concatenate[Pacing, P], Conversation[T]],
) -> Callable[Concatenate[Blocking, P], T]:
    """Return the method that holds a conversation and returns its result."""

    def method(self: Blocking, /, *given: P.args, **named: P.kwargs) -> T:
        return self._hold(call(self.pacing, *given, **named))

    return _documented(method, call)


def asynchronous(
    call: Callable[Concatenate[Pacing, P], Conversation[T]], *, in_thread: bool = False
) -> Callable[Concatenate[Asynchronous, P], Coroutine[Any, Any, T]]:
    """Return the same for an event loop. `in_thread`: the request takes long to make, or reads a file."""

    async def method(self: Asynchronous, /, *given: P.args, **named: P.kwargs) -> T:
        if in_thread:
            return await self._hold(await asyncio.to_thread(call, self.pacing, *given, **named))
        return await self._hold(call(self.pacing, *given, **named))

    return _documented(method, call)


def _documented(method: M, call: Callable[..., Any]) -> M:
    """Let `help` show name, parameters, result and docstring of a conversation as those of a method."""
    signature = inspect.signature(call)
    _, *parameters = signature.parameters.values()
    result = str(signature.return_annotation).removeprefix("Conversation[").removesuffix("]")
    shown = signature.replace(parameters=(_SELF, *parameters), return_annotation=result)
    vars(update_wrapper(method, call))["__signature__"] = shown
    return method
