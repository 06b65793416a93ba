"""References, reply tokens and signed links."""

from __future__ import annotations

import ast
import inspect
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ponts_flows.errors import SettingsError
from ponts_flows.mail import tokens
from ponts_flows.mail.tokens import (
    Claim,
    Keys,
    ReplyToken,
    TokenExpired,
    TokenForged,
    TokenKeyUnknown,
    read_reference,
    read_reply_token,
    reply_address,
)

OLD = Keys(current="a", secrets={"a": b"first secret, 16+ bytes"})
ROTATED = Keys(current="b", secrets={"a": b"first secret, 16+ bytes", "b": b"second secret, 16+ bytes"})
WITHOUT_OLD = Keys(current="b", secrets={"b": b"second secret, 16+ bytes"})
ALICE = "alice.martin@exemple.example"
KEY = "P-0042/pairing-mentor"
DAY = date(2027, 3, 1)


def reply_token(keys: Keys, key: str = KEY, recipient: str = ALICE) -> str:
    return keys.reply_token(message_key=key, reference=keys.reference(key), recipient=recipient)


def read(text: str) -> ReplyToken:
    token = read_reply_token(text)
    assert token is not None
    return token


@given(st.text())
def test_a_reference_is_eight_symbols_that_cannot_be_misread_and_never_changes(key: str) -> None:
    reference = OLD.reference(key)

    assert re.fullmatch(r"M-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", reference)
    assert reference == OLD.reference(key)


def test_references_of_different_keys_and_of_different_secrets_differ() -> None:
    keys = [f"P-{number:04d}/introduction" for number in range(2000)]

    assert len({OLD.reference(key) for key in keys}) == 2000
    assert ROTATED.references(KEY) == (WITHOUT_OLD.reference(KEY), OLD.reference(KEY))


def test_a_reference_is_found_in_a_quoted_footer_whatever_its_case() -> None:
    reference = OLD.reference(KEY)

    assert read_reference(f"> Contact : x@y.example\n> Réf. {reference.lower()} ") == reference
    assert read_reference("M-AAAA-BBB, M-1234-56789, XM-1234-5678") is None


@given(st.text(), st.emails())
def test_a_reply_token_is_short_and_safe_in_an_address_and_is_verified(key: str, recipient: str) -> None:
    token = reply_token(OLD, key, recipient)

    assert re.fullmatch(r"m[0-9a-z]{8}-[0-9a-z]{16}", token)
    found = read(f"mentoring+{token.upper()}@PONTS.example")
    assert found.reference == OLD.reference(key)
    assert OLD.verify_reply(found, message_key=key, recipient=recipient)


def test_a_reply_token_proves_one_message_and_one_recipient_only() -> None:
    token = read(reply_token(OLD))

    assert OLD.verify_reply(token, message_key=KEY, recipient=" Alice.MARTIN@exemple.example")
    assert not OLD.verify_reply(token, message_key="P-0043/pairing-mentor", recipient=ALICE)
    assert not OLD.verify_reply(token, message_key=KEY, recipient="bob.durand@exemple.example")
    assert not OLD.verify_reply(
        ReplyToken(reference="M-0000-0000", mac=token.mac), message_key=KEY, recipient=ALICE
    )
    assert not OLD.verify_reply(
        ReplyToken(reference=token.reference, mac="0" * 16), message_key=KEY, recipient=ALICE
    )


def test_a_reply_token_made_before_a_rotation_is_accepted_until_its_secret_is_removed() -> None:
    token = read(reply_token(OLD))

    assert ROTATED.verify_reply(token, message_key=KEY, recipient=ALICE)
    assert not WITHOUT_OLD.verify_reply(token, message_key=KEY, recipient=ALICE)


def test_a_message_planned_before_a_rotation_keeps_its_reference_in_the_token() -> None:
    stored = OLD.reference(KEY)

    token = read(ROTATED.reply_token(message_key=KEY, reference=stored, recipient=ALICE))

    assert token.reference == stored
    assert ROTATED.verify_reply(token, message_key=KEY, recipient=ALICE)


@pytest.mark.parametrize(
    "text",
    ["", "mentoring@ponts.org", "mentoring+news@ponts.org", "m7k2q4fxd", "xm7k2q4fxd-0123456789abcdef"],
)
def test_no_reply_token_is_read_where_there_is_none(text: str) -> None:
    assert read_reply_token(text) is None


def test_the_reply_address_is_a_plus_address_of_the_mailbox() -> None:
    assert reply_address("mentoring@ponts.org", "m7k2q4fxd-0123") == "mentoring+m7k2q4fxd-0123@ponts.org"


def link(keys: Keys, purpose: str = "pairing-answer") -> str:
    return keys.sign(purpose=purpose, subject="P-0042", recipient="C-0007", expires=DAY)


def test_a_link_holds_through_its_last_day_and_says_what_was_signed() -> None:
    token = link(OLD)

    claim = OLD.verify(f" {token}\n", purpose="pairing-answer", today=DAY)

    assert claim == Claim(purpose="pairing-answer", subject="P-0042", recipient="C-0007", expires=DAY)
    assert re.fullmatch(r"[A-Za-z0-9_.-]{1,90}", token)


def test_a_link_is_refused_after_its_last_day() -> None:
    with pytest.raises(TokenExpired, match="2027-03-01"):
        OLD.verify(link(OLD), purpose="pairing-answer", today=date(2027, 3, 2))


def test_a_link_made_for_one_purpose_does_not_serve_for_another() -> None:
    with pytest.raises(TokenForged):
        OLD.verify(link(OLD), purpose="correction", today=DAY)


def test_a_link_of_a_removed_secret_is_told_apart_from_a_forged_one() -> None:
    assert ROTATED.verify(link(OLD), purpose="pairing-answer", today=DAY).subject == "P-0042"
    with pytest.raises(TokenKeyUnknown):
        WITHOUT_OLD.verify(link(OLD), purpose="pairing-answer", today=DAY)


@given(st.data())
def test_no_altered_link_is_accepted(data: st.DataObject) -> None:
    token = link(OLD)
    position = data.draw(st.integers(0, len(token) - 1))
    symbol = data.draw(st.characters().filter(lambda c: c != token[position]))
    altered = token[:position] + symbol + token[position + 1 :]

    # A blank at an end is trimmed: it is a cut, not an alteration that could pass.
    with pytest.raises((TokenForged, TokenKeyUnknown)):
        OLD.verify(altered, purpose="pairing-answer", today=DAY)


@given(st.text())
def test_no_stranger_s_text_is_accepted_as_a_link(text: str) -> None:
    with pytest.raises((TokenForged, TokenKeyUnknown)):
        OLD.verify(text, purpose="pairing-answer", today=DAY)


@pytest.mark.parametrize(
    ("current", "secrets"),
    [("b", {"a": b"x" * 16}), ("a", {"a": b"short"}), ("A b", {"A b": b"x" * 16})],
)
def test_wrong_secrets_stop_at_the_start(current: str, secrets: dict[str, bytes]) -> None:
    with pytest.raises(SettingsError):
        Keys(current=current, secrets=secrets)


def test_secrets_are_not_shown_when_printed() -> None:
    assert "secret" not in repr(OLD).replace("secrets=", "")


@pytest.mark.parametrize("around", ["{}),", "({})", "{}.", " {} ;", "<{}>", "« {} »"])
def test_a_token_copied_out_of_a_sentence_is_read_without_what_surrounds_it(around: str) -> None:
    token = OLD.sign(purpose="session", subject="P-0042", recipient="mentor", expires=DAY)

    claim = OLD.verify(around.format(token), purpose="session", today=DAY)

    assert (claim.subject, claim.recipient) == ("P-0042", "mentor")


SECRETS = st.dictionaries(
    st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True),
    st.binary(min_size=16, max_size=40),
    min_size=1,
    max_size=4,
)
TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\n"), max_size=30)


@st.composite
def rotations(draw: st.DrawFn) -> tuple[Keys, Keys]:
    """Secrets, and the same with a new one put in front of them."""
    secrets = draw(SECRETS)
    ends = {secret.rstrip(b"\0") for secret in secrets.values()}  # HMAC fills a key up with zeros
    old = Keys(current=draw(st.sampled_from(sorted(secrets))), secrets=secrets)
    new_id = draw(st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True).filter(lambda id: id not in secrets))
    new = draw(st.binary(min_size=16).filter(lambda secret: secret.rstrip(b"\0") not in ends))
    return old, Keys(current=new_id, secrets={**secrets, new_id: new})


@given(rotations(), TEXT, TEXT, st.emails())
def test_after_a_rotation_all_that_was_given_out_is_read_and_what_is_new_is_made_with_the_new_secret(
    keys: tuple[Keys, Keys], key: str, subject: str, recipient: str
) -> None:
    before, after = keys
    about = {"message_key": key, "recipient": recipient}
    given_out = before.sign(purpose="session", subject=subject, recipient="mentee", expires=DAY)
    replied = read(before.reply_token(reference=before.reference(key), **about))

    assert after.verify(given_out, purpose="session", today=DAY).subject == subject
    assert after.verify_reply(replied, **about)
    assert before.reference(key) in after.references(key)
    renewed = after.sign(purpose="session", subject=subject, recipient="mentee", expires=DAY)
    assert renewed.startswith(f"{after.current}.")
    with pytest.raises(TokenKeyUnknown):
        before.verify(renewed, purpose="session", today=DAY)
    assert not before.verify_reply(read(after.reply_token(reference=after.reference(key), **about)), **about)


@given(TEXT, st.data())
def test_no_cut_link_is_accepted(subject: str, data: st.DataObject) -> None:
    token = OLD.sign(purpose="session", subject=subject, recipient="mentee", expires=DAY)
    start = data.draw(st.integers(0, len(token) - 1))
    end = data.draw(st.integers(start, len(token) if start else len(token) - 1))

    with pytest.raises((TokenForged, TokenKeyUnknown)):
        OLD.verify(token[start:end], purpose="session", today=DAY)


@given(st.data())
def test_no_altered_or_cut_reply_token_proves_anything(data: st.DataObject) -> None:
    token = reply_token(OLD)
    position = data.draw(st.integers(1, len(token) - 1))
    symbol = data.draw(
        st.sampled_from("0123456789abcdefghjkmnpqrstvwxyz").filter(lambda c: c != token[position])
    )
    altered = read_reply_token(token[:position] + symbol + token[position + 1 :])

    assert altered is None or not OLD.verify_reply(altered, message_key=KEY, recipient=ALICE)
    assert read_reply_token(token[:position]) is None


def test_secrets_and_what_is_made_of_them_are_compared_in_constant_time_alone() -> None:
    source = ast.parse(inspect.getsource(tokens))
    compared = [
        ast.unparse(side)
        for node in ast.walk(source)
        if isinstance(node, ast.Compare) and not isinstance(node.ops[0], ast.In | ast.NotIn)
        for side in (node.left, *node.comparators)
    ]

    assert "today" in compared  # what is no secret is found by this search
    assert [text for text in compared if re.search(r"mac|digest|expected|right", text)] == []
