"""Asking a resolver: one question over UDP, over TCP where the answer is too long for that (RFC 1035)."""

from __future__ import annotations

import secrets
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

TIMEOUT_SECONDS = 3.0
TXT, MX = 16, 15
_IN, _PORT = 1, 53
_NXDOMAIN = 3
_TRUNCATED, _RECURSION = 0x0200, 0x0100
_POINTER = 0xC0
_MOST_JUMPS = 64


class NoAnswer(Exception):
    """The resolver said nothing that can be gone by."""


def system_resolver() -> str | None:
    """The resolver that this machine uses, or None."""
    path = Path("/etc/resolv.conf")
    lines = path.read_text("utf-8", "replace").splitlines() if path.is_file() else []
    words = (line.split() for line in lines)
    return next((found[1] for found in words if len(found) > 1 and found[0] == "nameserver"), None)


def records(name: str, kind: int, *, resolver: str) -> tuple[str, ...]:
    """The TXT texts, or the MX hosts, of a name; none where there are none. `resolver`: an address, or `address:port`.

    Raises NoAnswer.
    """
    id = secrets.randbelow(1 << 16)
    question = struct.pack("!6H", id, _RECURSION, 1, 0, 0, 0) + _encoded(name) + struct.pack("!2H", kind, _IN)
    try:
        answer = _over_udp(question, _place(resolver))
        if _flags(answer) & _TRUNCATED:
            answer = _over_tcp(question, _place(resolver))
        return _read(answer, id, kind)
    except (OSError, struct.error, IndexError, ValueError) as error:
        raise NoAnswer(f"the resolver gave no answer ({type(error).__name__})") from error


def _place(resolver: str) -> tuple[str, int]:
    host, colon, port = resolver.rpartition(":")
    return (host, int(port)) if colon and ":" not in host else (resolver, _PORT)


def _encoded(name: str) -> bytes:
    labels = [label.encode("idna") for label in name.rstrip(".").split(".")]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def _socket(place: tuple[str, int], kind: socket.SocketKind) -> socket.socket:
    made = socket.socket(socket.AF_INET6 if ":" in place[0] else socket.AF_INET, kind)
    made.settimeout(TIMEOUT_SECONDS)
    made.connect(place)  # over UDP too: what others send is then not taken for the answer
    return made


def _over_udp(question: bytes, place: tuple[str, int]) -> bytes:
    with _socket(place, socket.SOCK_DGRAM) as line:
        line.send(question)
        return line.recv(4096)


def _over_tcp(question: bytes, place: tuple[str, int]) -> bytes:
    with _socket(place, socket.SOCK_STREAM) as line:
        line.sendall(struct.pack("!H", len(question)) + question)
        with line.makefile("rb") as stream:
            (length,) = struct.unpack("!H", stream.read(2))
            return stream.read(length)


def _flags(answer: bytes) -> int:
    return int(struct.unpack_from("!H", answer, 2)[0])


def _read(answer: bytes, id: int, kind: int) -> tuple[str, ...]:
    found_id, flags, questions, answers = struct.unpack_from("!4H", answer)
    code = flags & 0xF
    if found_id != id or not flags & 0x8000 or code not in (0, _NXDOMAIN):
        raise ValueError(f"code {code}")
    at = 12
    for _ in range(questions):
        at = _name(answer, at)[1] + 4
    return tuple(_records(answer, at, answers, kind))


def _records(answer: bytes, at: int, count: int, kind: int) -> Iterator[str]:
    for _ in range(count):
        at = _name(answer, at)[1]
        found, _, _, length = struct.unpack_from("!2HIH", answer, at)
        at += 10
        if found == kind == TXT:  # CNAMEs on the way are passed by
            yield b"".join(_strings(answer[at : at + length])).decode("utf-8", "replace")
        elif found == kind == MX:
            yield _name(answer, at + 2)[0].casefold()
        at += length


def _strings(data: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(data):
        yield data[at + 1 : at + 1 + data[at]]
        at += 1 + data[at]


def _name(answer: bytes, at: int) -> tuple[str, int]:
    """A name, and the place behind it; a pointer stands for the rest of one that was already said."""
    labels: list[str] = []
    end = 0
    for _ in range(_MOST_JUMPS):
        length = answer[at]
        if length & _POINTER == _POINTER:
            end = end or at + 2
            at = struct.unpack_from("!H", answer, at)[0] & 0x3FFF
        elif length == 0:
            return ".".join(labels), end or at + 1
        else:
            labels.append(answer[at + 1 : at + 1 + length].decode("ascii", "replace"))
            at += 1 + length
    raise ValueError("a name without an end")
