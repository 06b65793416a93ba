"""A plan of faults, as it is written, and what is said of one that can't be read."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
import requests

from ponts_flows.cli import main
from ponts_flows.sandbox.faults.kinds import LostAnswer, ServerError
from ponts_flows.sandbox.faults.plan import Plan, Rule, When
from ponts_flows.sandbox.faults.reading import PlanError, read
from ponts_flows.sandbox.server import Running, free_port, serving

WHOLE = """\
seed: 7
rules:
  - name: a mail whose fate nobody knows
    calls: gmail.users.drafts.send
    when: {nth: 2}
    then: lost_answer
  - calls: [sheets.*, "forms.forms.responses.list"]
    when: {probability: 0.1, at_most: 3}
    then: {kind: server_error, status: 500}
"""


def test_a_plan_is_read_as_it_is_written() -> None:
    assert read(WHOLE) == Plan(
        seed=7,
        rules=(
            Rule(
                name="a mail whose fate nobody knows",
                calls=("gmail.users.drafts.send",),
                when=When(nth=(2,)),
                then=LostAnswer(kind="lost_answer"),
            ),
            Rule(
                calls=("sheets.*", "forms.forms.responses.list"),
                when=When(probability=0.1, at_most=3),
                then=ServerError(kind="server_error", status=500),
            ),
        ),
    )


def test_json_is_read_as_well() -> None:
    assert read(read(WHOLE).model_dump_json()) == read(WHOLE)


def test_an_empty_plan_is_one() -> None:
    assert read("") == Plan()


def test_a_rule_without_calls_is_about_all_or_about_those_of_its_kind() -> None:
    plan = read("rules: [{then: dropped}, {then: credentials_refused}]")

    assert [rule.calls for rule in plan.rules] == [("*",), ("token",)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "rules:\n- then: dropped\n- then: lost\n",
            "line 3, rules[1].then: Input tag 'lost' found using 'kind' does not match",
        ),
        (
            "rules:\n- then: dropped\n  calls: gmail.user.*\n",
            "line 3, rules[0].calls: no call is named gmail.user.*",
        ),
        (
            "rules:\n- then: dropped\n  when:\n    nth: 0\n",
            "line 4, rules[0].when.nth: Input should be greater than 0",
        ),
        ("rules:\n- then: dropped\n  when: {nht: 1}\n", "line 3, rules[0].when.nht: Extra inputs are not"),
        ("rules:\n- then: {kind: slow}\n", "line 2, rules[0].then.seconds: Field required"),
        ("rules:\n- calls: token\n", "line 2, rules[0].then: Field required"),
        (
            "rules:\n- then: credentials_refused\n  calls: gmail.*\n",
            "line 3, rules[0].calls: credentials_refused happens at token alone",
        ),
        (
            "rules:\n- then: dropped\n  when: {after: 2026-11-16 08:00:00}\n",
            "line 3, rules[0].when.after: Input should have timezone info",
        ),
        ("seed: 1\nrules: [\n", "line 3: expected the node content"),
        ("- dropped\n", "line 1, the whole: Input should be a valid dictionary"),
        (
            '{"rules":\n [{"then":\n {"kind": "slow", "seconds": -1}}]}',
            "line 3, rules[0].then.seconds: Input",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_its_entry(text: str, said: str) -> None:
    with pytest.raises(PlanError) as raised:
        read(text)

    assert str(raised.value).startswith(said)


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(PlanError) as raised:
        read("sead: 1\nrules:\n- then: dropped\n  calls: nothing\n")

    assert [line.split(":")[0] for line in str(raised.value).splitlines()] == [
        "line 4, rules[0].calls",
        "line 1, sead",
    ]


def test_the_sandbox_refuses_a_plan_that_cannot_be_read_and_keeps_the_one_that_is_on(
    without_files: Running,
) -> None:
    place = f"{without_files.url}/sandbox/faults"
    requests.put(place, data=WHOLE.encode(), timeout=10).raise_for_status()

    answer = requests.put(place, data=b"rules:\n- then: lost\n", timeout=10)

    assert answer.status_code == 400
    assert answer.json()["message"].startswith("line 2, rules[0].then: ")
    assert requests.get(place, timeout=10).json()["seed"] == 7
    assert requests.delete(place, timeout=10).json()["on"] is False


@pytest.mark.parametrize(
    ("text", "said"),
    [("rules:\n- then: lost\n", "line 2, rules[0].then: "), (None, "can't be read")],
    ids=["not a plan", "no file"],
)
def test_the_command_refuses_a_plan_that_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str | None, said: str
) -> None:
    plan = tmp_path / "faults.yaml"
    if text is not None:
        plan.write_text(text)

    assert main(["sandbox", "--directory", str(tmp_path), "--faults", str(plan)]) != 0

    assert said in capsys.readouterr().err
    assert not (tmp_path / "sandbox.db").exists()


def test_the_command_starts_with_a_plan(tmp_path: Path) -> None:
    (tmp_path / "faults.yaml").write_text(WHOLE)
    options = [
        "--directory",
        str(tmp_path),
        "--port",
        str(free_port()),
        "--faults",
        str(tmp_path / "faults.yaml"),
    ]
    command = [sys.executable, "-m", "ponts_flows.cli", "sandbox", *options]

    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[1]
        report = requests.get(f"{url}/sandbox/faults", timeout=10).json()
        process.terminate()

    assert (report["on"], report["seed"]) == (True, 7)


def test_a_sandbox_ends_while_an_answer_is_held_back(tmp_path: Path) -> None:
    plan = read("rules: [{then: {kind: slow, seconds: 3600}}]")
    ends: list[object] = []

    def ask(url: str) -> None:
        try:
            ends.append(requests.post(f"{url}/token", timeout=60).status_code)
        except requests.ConnectionError as error:
            ends.append(error)

    with serving(tmp_path, faults=plan) as running:
        asking = threading.Thread(target=ask, args=(running.url,))
        asking.start()
        while not requests.get(f"{running.url}/sandbox/faults", timeout=10).json()["strikes"]:
            assert asking.is_alive()

    asking.join(timeout=60)
    assert len(ends) == 1
    with pytest.raises(requests.ConnectionError):
        requests.get(running.url, timeout=10)
