"""Asking a resolver: what comes back, in one piece or several, and what is no answer."""

from __future__ import annotations

import socket
import threading

import pytest

from ponts_flows.doctor.dns import MX, TXT, NoAnswer, records
from tests.dns_server import serving

NAME = "exemple.example"


def test_texts_come_whole_whether_short_or_too_long_for_one_packet() -> None:
    long = "v=DKIM1; p=" + "A" * 1200
    with serving({(NAME, "TXT"): ["court"], (f"k.{NAME}", "TXT"): [long, "deux"]}) as resolver:
        assert records(NAME, TXT, resolver=resolver) == ("court",)
        assert records(f"k.{NAME}", TXT, resolver=resolver) == (long, "deux")


def test_hosts_come_in_small_letters_and_a_name_that_is_not_there_has_none() -> None:
    with serving({(NAME, "MX"): ["SMTP.Google.com", "alt.example"]}) as resolver:
        assert records(NAME, MX, resolver=resolver) == ("smtp.google.com", "alt.example")
        assert records(f"{NAME}.", MX, resolver=resolver) == ("smtp.google.com", "alt.example")
        assert records("nulle.part.example", MX, resolver=resolver) == ()


QUESTION = b"\x07exemple\x07example\x00\x00\x10\x00\x01"
BAD = {
    "another question's": b"\x00\x00\x81\x80\x00\x01\x00\x00\x00\x00\x00\x00" + QUESTION,
    "a refusal": b"ID\x81\x85\x00\x01\x00\x00\x00\x00\x00\x00" + QUESTION,
    "a question": b"ID\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00" + QUESTION,
    "cut": b"ID\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00" + QUESTION + b"\xc0\x0c\x00\x10",
    "a name that points at itself": b"ID\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00"
    + QUESTION
    + b"\xc0\x23" * 6,
    "nothing": b"",
}


@pytest.mark.parametrize("kind", BAD)
def test_what_is_no_answer_to_the_question_is_none(kind: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))

        def answer() -> None:
            query, asker = line.recvfrom(4096)
            line.sendto(BAD[kind].replace(b"ID", query[:2], 1), asker)

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(NoAnswer):
            records(NAME, TXT, resolver=f"127.0.0.1:{line.getsockname()[1]}")
        thread.join()


@pytest.mark.parametrize("resolver", ["127.0.0.1:9", "127.0.0.1:none"])
def test_a_resolver_that_is_not_there_gives_no_answer(resolver: str) -> None:
    with pytest.raises(NoAnswer):
        records(NAME, TXT, resolver=resolver)


def test_a_name_that_can_not_be_asked_for_gives_no_answer() -> None:
    with pytest.raises(NoAnswer):
        records("..", TXT, resolver="127.0.0.1:9")
