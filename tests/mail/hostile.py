"""Mails made to hang, fill or break whoever reads them."""

from __future__ import annotations

import base64
import io
import zipfile

FROM = "From: lea.durand@exemple.example\nTo: mentoring@ponts.org\nSubject: Re: votre message\n"
PLAIN = "Content-Type: text/plain; charset=utf-8\n\n"


_FAILED = "Final-Recipient: rfc822; p{}@exemple.example\nAction: failed\nStatus: 5.1.1\n\n"


def _nested(depth: int) -> str:
    inner = "Content-Type: text/plain\n\nOui\n"
    for level in range(depth):
        inner = f'Content-Type: multipart/mixed; boundary="b{level}"\n\n--b{level}\n{inner}\n--b{level}--\n'
    return FROM + "MIME-Version: 1.0\n" + inner


def _rfc822(depth: int) -> str:
    return FROM + "Content-Type: message/rfc822\n\n" * depth + "Oui\n"


def _zip_of_zips() -> bytes:
    inner = b"0" * 10_000_000
    for _ in range(3):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(10):
                archive.writestr(f"{number}.zip", inner)
        inner = packed.getvalue()
    return inner


def _attached(content: bytes, name: str) -> str:
    encoded = base64.encodebytes(content).decode()
    return (
        f'{FROM}MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n--b\n{PLAIN}Oui, mardi.\n--b\n'
        f'Content-Type: application/octet-stream; name="{name}"\nContent-Transfer-Encoding: base64\n'
        f'Content-Disposition: attachment; filename="{name}"\n\n{encoded}\n--b--\n'
    )


def _html(body: str) -> str:
    return f"{FROM}Content-Type: text/html; charset=utf-8\n\n{body}"


def cases() -> dict[str, bytes]:
    """Each by what is wrong with it."""
    many = ", ".join(f"personne{number}@exemple.example" for number in range(5_000))
    made: dict[str, str | bytes] = {
        "60 kB of On On On": FROM + PLAIN + "On " * 20_000,
        "60 kB of Le Le Le": FROM + PLAIN + "Le " * 20_000,
        "60 kB of >": FROM + PLAIN + ">" * 60_000,
        "10,000 quoted lines": FROM + PLAIN + "> > > a\n" * 10_000,
        "60 kB of De :": FROM + PLAIN + "De : \n" * 10_000,
        "30,000 blank lines": FROM + PLAIN + "\n" * 30_000,
        "60 kB of dashes": FROM + PLAIN + "-" * 60_000,
        "a line of 4 MB": FROM + PLAIN + "oui" * 1_400_000,
        "digits without end": FROM + PLAIN + "Oui, le " + "12/" * 20_000,
        "10,000 headers": FROM + "".join(f"X-{number}: y\n" for number in range(10_000)) + PLAIN + "Oui\n",
        "a header of 1 MB": FROM + "X-Long: " + "a" * 1_000_000 + "\n" + PLAIN + "Oui\n",
        "a thousand encoded words": FROM + "X-S: " + "=?utf-8?q?a?= " * 10_000 + "\n" + PLAIN + "Oui\n",
        "10,000 references": FROM + "References: " + " ".join(f"<{n}@x>" for n in range(10_000)) + "\n" + PLAIN,
        "5,000 recipients": FROM + f"Cc: {many}\n" + PLAIN + "Oui\n",
        "authentication results without end": FROM + "Authentication-Results: mx.google.com;"
        + " a=b;" * 50_000
        + "\n\nOui",
        "MIME nested 100 deep": _nested(100),
        "MIME nested 2,000 deep": _nested(2_000),
        "mails within mails, 500 deep": _rfc822(500),
        "10,000 parts": FROM
        + 'Content-Type: multipart/mixed; boundary="b"\n\n'
        + "--b\nContent-Type: text/plain\n\nOui\n" * 10_000
        + "--b--\n",
        "a zip of zips": _attached(_zip_of_zips(), "archive.zip"),
        "a 25 MB attachment": _attached(b"\x00\xff" * 12_500_000, "photo.jpg"),
        "a charset that does not exist": FROM + "Content-Type: text/plain; charset=klingon\n\nOui\xff",
        "a charset that lies": (FROM + "Content-Type: text/plain; charset=utf-16\n\n").encode() + b"Oui\xff\xfe\x00",
        "a charset that is a codec of bytes": FROM + "Content-Type: text/plain; charset=zip\n\nOui",
        "NUL bytes": FROM.encode() + PLAIN.encode() + b"\x00O\x00u\x00i\x00",
        "NUL in the headers": b"From: a\x00b@exemple.example\nSubject: \x00\nTo: \x00\n\nOui",
        "no headers": b"Oui",
        "nothing": b"",
        "only half a surrogate": FROM.encode() + b"Content-Type: text/plain; charset=utf-8\n\n\xed\xa0\x80 Oui",
        "200 kB of <": _html("<" * 200_000),
        "divs 50,000 deep": _html("<div>" * 50_000 + "Oui"),
        "comments without end": _html("<!--" * 50_000 + "Oui"),
        "an attribute of 1 MB": _html('<p class="' + "a" * 1_000_000 + '">Oui</p>'),
        "entities without end": _html("&amp;" * 40_000),
        "quoted-printable that is none": FROM + "Content-Transfer-Encoding: quoted-printable\n\n" + "=" * 100_000,
        "base64 that is none": FROM + "Content-Transfer-Encoding: base64\n\n" + "%" * 100_000,
        "a report of 20,000 recipients": FROM
        + 'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n--b\n'
        + "Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n"
        + "".join(_FAILED.format(n) for n in range(20_000))
        + "--b--\n",
        "a calendar of 50,000 lines": FROM
        + "Content-Type: text/calendar; method=REPLY\n\nBEGIN:VCALENDAR\n"
        + "BEGIN:VEVENT\nUID:a\n" * 25_000,
        "a bounce in words, 1 MB": FROM.replace("lea.durand@exemple.example", "mailer-daemon@exemple.example")
        + PLAIN
        + "<a@b.example>: 550 user unknown\n" * 30_000,
    }  # fmt: skip
    return {
        name: raw if isinstance(raw, bytes) else raw.encode("utf-8", "surrogateescape")
        for name, raw in made.items()
    }
