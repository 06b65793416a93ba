"""Real bounces, absences and complaints, which stay outside the repository: what each is, whom it names, how grave.

Whom they name was read by eye; the table holds digests of it, so that no address is copied here.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from ponts_flows.mail.received.incoming import Incoming, parse
from ponts_flows.mail.received.kinds import Kind

BOUNCES = Path(__file__).parents[3] / "shared" / "data" / "bounces"
KINDS = {
    "bounce": {Kind.BOUNCE, Kind.DELAY},
    "auto": {Kind.AUTO},
    "complaint": {Kind.COMPLAINT},
    "not": {Kind.HUMAN},
}
# The kind, the digest of the addresses that failed or complained, the severity of each failure.
EXPECTED = {
    "arf-01": ("complaint", "a72d676f845c", ""),
    "arf-14": ("complaint", "7289ca596703", ""),
    "arf-21": ("complaint", "d6dc515f8da9", ""),
    "is-not-bounce-02": ("human", "", ""),
    "lhost-exchange2003-03": ("bounce", "22bf2bb587e2", "hard"),
    "lhost-exchange2007-03": ("bounce", "cc322026df14", "policy"),
    "lhost-exim-31": ("bounce", "10e4fed326af", "hard"),
    "lhost-exim-36": ("bounce", "9c15a4c4f7ee", "policy"),
    "lhost-exim-46": ("bounce", "6a58bf59485d", "policy"),
    "lhost-gmail-01": ("bounce", "786efffd91ed", "hard"),
    "lhost-gmail-05": ("bounce", "59977439cddf", "policy"),
    "lhost-gmail-07": ("bounce", "fcb3e71bfcef", "soft"),
    "lhost-gmail-15": ("bounce", "a57d42b10c88", "soft"),
    "lhost-gmx-01": ("bounce", "59977439cddf", "soft"),
    "lhost-office365-03": ("bounce", "6a58bf59485d", "policy"),
    "lhost-office365-07": ("bounce", "cd918328c313", "hard"),
    "lhost-office365-10": ("bounce", "493dff7fbc81", "hard"),
    "lhost-office365-12": ("bounce", "347ac14b1ec5", "soft"),
    "lhost-opensmtpd-17": ("bounce", "5d0650bb77c4", "hard soft"),
    "lhost-outlook-02": ("bounce", "22bf2bb587e2", "hard"),
    "lhost-outlook-07": ("bounce", "6a58bf59485d", "soft"),
    "lhost-postfix-04": ("bounce", "b533b43ad553", "hard"),
    "lhost-postfix-30": ("bounce", "06a8b5fd0dda", "hard"),
    "lhost-postfix-52": ("bounce", "b533b43ad553", "hard"),
    "lhost-postfix-56": ("bounce", "b49c48a53e9d", "soft"),
    "lhost-postfix-74": ("bounce", "79cc66b986d5", "policy"),
    "lhost-qmail-07": ("bounce", "22bf2bb587e2", "soft"),
    "lhost-qmail-09": ("bounce", "a7cd549ea381", "policy"),
    "lhost-sendmail-20": ("bounce", "6a58bf59485d", "soft"),
    "lhost-sendmail-24": ("bounce", "f06a30326e2d", "hard"),
    "lhost-yahoo-02": ("bounce", "fcb3e71bfcef", "soft"),
    "lhost-yahoo-05": ("bounce", "b533b43ad553", "hard"),
    "lhost-zoho-01": ("bounce", "b533b43ad553", "hard"),
    "rfc3464-35": ("bounce", "f47004c1d996", "hard soft hard"),
    "rfc3464-53": ("bounce", "9db5b66698d5", "hard"),
    "rfc3464-56": ("bounce", "9de996a3ab24", "soft"),
    "rfc3834-01": ("auto", "", ""),
    "rfc3834-03": ("auto", "", ""),
    "rfc3834-05": ("auto", "", ""),
    "rhost-apple-02": ("bounce", "ac4cea54d717", "policy"),
    "rhost-franceptt-03": ("bounce", "411608faedb5", "policy"),
    "rhost-franceptt-06": ("bounce", "737894f5e91c", "policy"),
    "rhost-franceptt-08": ("bounce", "8932cc35b9cc", "soft"),
    "rhost-franceptt-11": ("bounce", "cf0311673b0a", "soft"),
    "rhost-google-02": ("bounce", "e522430c30cf", "hard"),
    "rhost-google-04": ("bounce", "aaadac41d76b", "policy"),
    "rhost-google-06": ("bounce", "8acfbbe57bb4", "policy"),
    "rhost-gsuite-01": ("bounce", "a74409db7c83", "hard"),
    "rhost-gsuite-05": ("bounce", "bbcbabe383b2", "hard"),
    "rhost-gsuite-10": ("bounce", "ad6a61daf733", "hard"),
    "rhost-gsuite-12": ("bounce", "6a58bf59485d", "policy"),
    "rhost-microsoft-02": ("bounce", "d6dc515f8da9", "hard"),
    "rhost-microsoft-05": ("bounce", "ebaa50f26551", "policy"),
    "rhost-outlook-03": ("bounce", "22bf2bb587e2", "hard"),
    "rhost-outlook-07": ("bounce", "6a58bf59485d", "soft"),
    "rhost-yahooinc-02": ("bounce", "79cc66b986d5", "policy"),
    "rhost-zoho-03": ("bounce", "aee4987ac871", "policy"),
}


@pytest.fixture(scope="module")
def mails() -> dict[str, Incoming]:
    if not (BOUNCES / "manifest.json").exists():
        if os.environ.get("CI"):
            pytest.fail(f"{BOUNCES}/manifest.json is missing")
        pytest.skip(f"{BOUNCES}/manifest.json is not on this machine")
    return {path.stem: parse(path.read_bytes()) for path in sorted(BOUNCES.glob("*.eml"))}


def test_the_table_names_every_mail(mails: dict[str, Incoming]) -> None:
    assert sorted(EXPECTED) == sorted(mails)


def test_each_mail_is_of_the_kind_that_its_collectors_gave_it(mails: dict[str, Incoming]) -> None:
    manifest = json.loads((BOUNCES / "manifest.json").read_text("utf-8"))

    wrong = [
        each["file"] for each in manifest if mails[each["file"][:-4]].kind not in KINDS[each["expected"]]
    ]

    assert wrong == []


@pytest.mark.parametrize("name", EXPECTED)
def test_each_mail_names_whom_it_is_about_and_how_grave_it_is(mails: dict[str, Incoming], name: str) -> None:
    mail = mails[name]
    named = [each.address for each in mail.failures] or list(mail.complainants)

    found = (mail.kind, digest(named), " ".join(each.severity for each in mail.failures))

    assert found == EXPECTED[name]


def test_every_failure_is_told_in_the_server_s_words_and_in_ours(mails: dict[str, Incoming]) -> None:
    failures = [each for mail in mails.values() for each in mail.failures]

    assert [each for each in failures if not each.text or not each.explained] == []


def digest(addresses: list[str]) -> str:
    return hashlib.sha256("\n".join(addresses).encode()).hexdigest()[:12] if addresses else ""
