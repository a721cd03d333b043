"""Networks in a user's file: ``FILE.py:NAME``.

The file is the user's own and runs as such; what is guarded against is only that it never ends, and that its errors
reach the terminal as anything but one line.
"""

from __future__ import annotations

import multiprocessing
import runpy
import signal
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import Any

from rechenweg.errors import InputError, RechenwegError
from rechenweg.nn import Layer, Network

SECONDS = 10.0
"""Time that loading and running a user's network may take, unless told otherwise."""


class _TimeIsUp(BaseException):
    """Raised in the running code when its time is up; no ``except Exception`` of a user's file swallows it."""


@contextmanager
def time_limit(seconds: float, where: str) -> Iterator[None]:
    """Stop what runs inside after `seconds` and raise InputError; without effect outside of the main thread."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(signum: int, frame: FrameType | None) -> None:
        raise _TimeIsUp

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    except _TimeIsUp:
        raise InputError(where, f"to be done within {seconds:g} s", "still running") from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def in_child(function: Callable[..., str], *args: Any, where: str, seconds: float = 2 * SECONDS + 2) -> str:
    """Run a function that returns text in a forked child process, and end it if it does not come back.

    :func:`time_limit` stops Python code; only ending the process stops a loop inside C code (``sum(range(10**12))``),
    and only a process of its own survives ``os._exit``.

    Raises:
        RechenwegError: what the function raised; or it took longer than `seconds`, or ended without a result.
    """
    if "fork" not in multiprocessing.get_all_start_methods():
        return function(*args)
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_send_result, args=(sender, function, args), daemon=True)
    child.start()
    sender.close()
    try:
        if not receiver.poll(seconds):
            raise InputError(where, f"to be done within {seconds:g} s", "still running")
        outcome = receiver.recv()
    except EOFError:
        raise InputError(where, "a result", "a process that ended without one") from None
    finally:
        child.kill()
        child.join()
        receiver.close()
    if isinstance(outcome, RechenwegError):
        raise outcome
    return str(outcome)


def _send_result(sender: Connection, function: Callable[..., str], args: tuple[Any, ...]) -> None:
    try:
        sender.send(function(*args))
    except RechenwegError as error:
        sender.send(error)


def load_network(reference: str, seconds: float = SECONDS) -> Network:
    """The network that a reference names.

    Args:
        reference: ``FILE.py:NAME``; NAME is a :class:`Network`, a list of layers, or a function that returns one.

    Raises:
        InputError: no such file or name, the file raises or does not end, NAME is no network.
    """
    file, colon, name = reference.rpartition(":")
    if not colon or not name.isidentifier():
        raise InputError("network", "FILE.py:NAME", reference)
    path = Path(file)
    if not path.is_file():
        raise InputError(reference, "a Python file", f"no file {file}")
    with time_limit(seconds, reference):
        found = _run(path, reference, name)
        if callable(found) and not isinstance(found, (Network, Layer)):
            found = _called(found, path, reference)
    if isinstance(found, Layer):
        found = [found]
    if isinstance(found, (list, tuple)) and found and all(isinstance(layer, Layer) for layer in found):
        found = Network.chain(found)
    if not isinstance(found, Network):
        raise InputError(reference, "a Network, a list of layers, or a function that returns one", _described(found))
    return found


def _run(path: Path, reference: str, name: str) -> Any:
    try:
        namespace = runpy.run_path(str(path), run_name="__rechenweg__")
    except Exception as error:
        raise _located(error, path, reference) from error
    except SystemExit as error:
        raise InputError(reference, "a file that defines a network", f"exit with status {error.code}") from error
    if name not in namespace:
        known = [k for k, v in namespace.items() if isinstance(v, (Network, Layer)) and not k.startswith("_")]
        expected = f"one of {', '.join(known)}" if known else "the name of a network"
        raise InputError(reference, expected, f"no {name} in {path}")
    return namespace[name]


def _called(function: Any, path: Path, reference: str) -> Any:
    try:
        return function()
    except Exception as error:
        raise _located(error, path, reference) from error


def _located(error: Exception, path: Path, reference: str) -> RechenwegError:
    """The error in one line, with the line of the user's file it came from."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == str(path)]
    line = frames[-1].lineno if frames else error.lineno if isinstance(error, SyntaxError) else None
    message = " ".join(str(error).split()) or type(error).__name__
    kind = "" if isinstance(error, RechenwegError) else f"{type(error).__name__}: "
    return InputError(f"{path}, line {line}" if line else reference, "a network", f"{kind}{message}")


def _described(found: Any) -> str:
    module, kind = type(found).__module__.partition(".")[0], type(found).__name__
    return f"a {kind}" if module in ("builtins", "rechenweg") else f"a {module}.{kind}"
