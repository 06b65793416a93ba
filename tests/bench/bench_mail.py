"""How fast received mail is read: parsed, its kind told, the new text cut, its meaning found; on one core.

    python -m tests.bench.bench_mail [MAILS]

The mails are answers in French and English in the forms of Gmail, Outlook and iPhone (text and HTML, quoting what was
sent), absences and notices of non-delivery; each is read as the pipeline reads it, from raw bytes. Then
mails made to hang.
"""

from __future__ import annotations

import os
import resource
import statistics
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from email.message import EmailMessage
from itertools import cycle, islice

from ponts_flows.mail.received.explained import explain
from ponts_flows.mail.received.meaning import Question
from ponts_flows.sandbox.gmail.clients import Client, Original, reply
from ponts_flows.sandbox.gmail.mime import Address
from tests.mail.hostile import cases

MAILBOX, LEA = "mentoring@ponts.org", "lea.durand@exemple.example"
ON = date(2026, 11, 27)
SENT = "\n".join(
    [
        "Bonjour Léa,",
        "",
        "Avez-vous convenu d’une première rencontre avec Paul ? Si oui, indiquez-nous la date, passée ou à venir.",
        "",
        *[
            "Un court message suffit pour lancer l’accompagnement : deux ou trois dates, et un lieu ou une visio."
        ]
        * 8,
        "",
        "Bien cordialement,",
        "La coordination du mentoring",
        "Réf. M-7K2Q-4FXD",
    ]
)
ANSWERS = (
    "Oui, nous nous sommes vus mardi.",
    "Bonjour,\n\nPas encore, mais nous avons rendez-vous le 15 décembre.\n\nBien cordialement,\nLéa",
    "Yes, we met last Tuesday.",
    "Oui :\n- vus le 12 novembre\n- prochain le 9 décembre, de 10h à 12h",
    "C'est compliqué en ce moment, pouvez-vous m'appeler ?",
)
NOTICE = f"""From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
To: {MAILBOX}
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Failure)
MIME-Version: 1.0
Content-Type: multipart/report; boundary="b"; report-type=delivery-status

--b
Content-Type: text/plain; charset=utf-8

Your message was not delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.com

Final-Recipient: rfc822; {LEA}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 user unknown

--b--
"""


def _answer(client: Client, words: str) -> bytes:
    """An answer as a mail program writes it, text and HTML."""
    original = Original(
        author=Address(name="Programme de mentoring", email=MAILBOX),
        to=LEA,
        cc="",
        subject="Votre première rencontre avec Paul",
        moment=datetime(2026, 11, 26, 9, tzinfo=UTC),
        text=SENT,
        html=f"<p>{'</p><p>'.join(SENT.splitlines())}</p>",
    )
    written = reply(client, words, original)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = LEA, MAILBOX, f"Re: {original.subject}"
    mail["Message-ID"], mail["In-Reply-To"] = "<a@exemple.example>", "<b@ponts.org>"
    mail["Authentication-Results"] = "mx.google.com; dmarc=pass header.from=exemple.example"
    mail.set_content(written.text)
    mail.add_alternative(written.html, subtype="html")
    return mail.as_bytes()


def _absence() -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = LEA, MAILBOX, "Absence du bureau"
    mail["Auto-Submitted"] = "auto-replied"
    mail.set_content("Bonjour,\n\nJe suis absente jusqu'au 18 décembre.\n")
    return mail.as_bytes()


def corpus() -> Iterator[bytes]:
    """Mails of every sort, again and again: fifteen answers, an absence, a notice."""
    answers = [_answer(client, words) for client in Client for words in ANSWERS]
    return cycle([*answers, _absence(), NOTICE.encode()])


def main(mails: int = 3000, turns: int = 5) -> None:
    """Print mails a second, the median of some turns."""
    read = list(islice(corpus(), mails))
    speeds = []
    for _ in range(turns):
        began = time.process_time()
        for raw in read:
            explain(raw, sent=SENT, question=Question.MET, on=ON, mailbox=MAILBOX)
        speeds.append(mails / (time.process_time() - began))
    size = sum(map(len, read)) / mails
    print(
        f"{mails} mails of {size:,.0f} bytes on average: {statistics.median(speeds):,.0f} a second, one core"
    )
    print(f"  {turns} turns, from {min(speeds):,.0f} to {max(speeds):,.0f}")


def hostile() -> None:
    """Print how long mails made to hang or to fill take, and how much memory; each in a process of its own."""
    print(f"{'seconds':>8}{'MB':>6}  hostile mail")
    for name, raw in sorted(cases().items()):
        child = os.fork()
        if child == 0:
            began = time.process_time()
            explain(raw, sent=SENT, question=Question.MET, on=ON, mailbox=MAILBOX).json()
            took, most = time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            print(f"{took:8.2f}{most / 1024:6.0f}  {name}, {len(raw) / 1000:,.0f} kB", flush=True)
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
    hostile()
