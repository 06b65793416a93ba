"""A small DNS server on 127.0.0.1: answers TXT and MX questions out of a table, over UDP and TCP."""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

Records = dict[tuple[str, str], list[str]]
_KINDS = {16: "TXT", 15: "MX"}
_MOST_BYTES = 512


def well(domain: str) -> Records:
    """The records of a domain that is as it should be."""
    return {
        (domain, "MX"): ["smtp.google.com"],
        (domain, "TXT"): ["something-else=1", "v=spf1 include:_spf.google.com ~all"],
        (f"google._domainkey.{domain}", "TXT"): ["v=DKIM1; k=rsa; p=" + "MIIBIjANBgkq" * 40],
        (f"_dmarc.{domain}", "TXT"): ["v=DMARC1; p=quarantine"],
    }


@contextmanager
def serving(records: Mapping[tuple[str, str], list[str]]) -> Iterator[str]:
    """Answer out of a table, which may be changed meanwhile; gives `address:port`. A text past 512 bytes needs TCP."""

    class Udp(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            answer = _answer(self.request[0], records)
            if len(answer) > _MOST_BYTES:
                answer = answer[:2] + struct.pack("!H", 0x8380) + answer[4:6] + bytes(6) + _question(answer)
            self.request[1].sendto(answer, self.client_address)

    class Tcp(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            (length,) = struct.unpack("!H", self.request.recv(2))
            answer = _answer(self.request.recv(length), records)
            self.request.sendall(struct.pack("!H", len(answer)) + answer)

    with _both(Udp, Tcp) as (udp, tcp):
        threads = [threading.Thread(target=server.serve_forever, args=(0.01,)) for server in (udp, tcp)]
        for thread in threads:
            thread.start()
        try:
            yield f"127.0.0.1:{udp.server_address[1]}"
        finally:
            for server, thread in zip((udp, tcp), threads, strict=True):
                server.shutdown()
                thread.join()


@contextmanager
def _both(
    udp: type[socketserver.BaseRequestHandler], tcp: type[socketserver.BaseRequestHandler]
) -> Iterator[tuple[socketserver.UDPServer, socketserver.TCPServer]]:
    """Both servers on one port."""
    for _ in range(20):
        first = socketserver.UDPServer(("127.0.0.1", 0), udp)
        try:
            second = socketserver.TCPServer(first.server_address, tcp)  # type: ignore[arg-type]
            break
        except OSError:
            first.server_close()
    with first, second:
        yield first, second


def _question(message: bytes) -> bytes:
    return message[12 : message.index(b"\0", 12) + 5]


def _answer(query: bytes, records: Mapping[tuple[str, str], list[str]]) -> bytes:
    question = _question(query)
    labels, at = [], 0
    while question[at]:
        labels.append(question[at + 1 : at + 1 + question[at]].decode())
        at += 1 + question[at]
    kind = _KINDS[struct.unpack("!H", question[-4:-2])[0]]
    found = records.get((".".join(labels), kind), [])
    flags = 0x8180 if found else 0x8183
    head = query[:2] + struct.pack("!5H", flags, 1, len(found), 0, 0)
    return head + question + b"".join(_record(question[-4:], kind, text) for text in found)


def _record(ends: bytes, kind: str, text: str) -> bytes:
    if kind == "MX":
        labels = b"".join(bytes([len(label)]) + label.encode() for label in text.split("."))
        data = struct.pack("!H", 1) + labels + b"\0"
    else:
        parts = [text.encode()[start : start + 255] for start in range(0, len(text.encode()), 255)]
        data = b"".join(bytes([len(part)]) + part for part in parts)
    return b"\xc0\x0c" + ends + struct.pack("!IH", 300, len(data)) + data
