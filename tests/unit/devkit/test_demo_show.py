"""What the demonstration prints, and when it says that it failed."""

from io import StringIO

import pytest
from rich.console import Console
from suites.people import decision, turn

from devkit.conversation import Answer
from devkit.demo.play import broken
from devkit.demo.script import SCENES, Line
from devkit.demo.show import Told, evidence, show, summary
from events.decision import Candidate, Decision, Evidence
from events.tier import Tier

STORY = {
    "Where is my order #ABC123": "order_tracking",
    "Tell me about Vinland Saga volume 12": "product_info",
    "I'm looking for something like Berserk but less violent": "recommendation",
    "Help me return this, my husband bought the wrong volume": "returns",
}


def told(decided: Decision, line: Line | None = None, text: str = "yes [bold]") -> Told:
    asked = turn("hello").model_copy(update={"decision": decided, "path": (Tier.TEMPLATE,)})
    return Told(line or Line("hello"), Answer(asked.reply(text), 0.0123, "ab" * 16))


def printed(one: Told) -> str:
    out = StringIO()
    show(one, 1, Console(file=out, width=60))
    return out.getvalue()


def by_model() -> Decision:
    found = (Candidate(use_case="chitchat", probability=0.91),)
    changes = {"by": Evidence.MODEL, "candidates": found, "entropy_bits": 0.5, "out_of_scope": 0.02}
    return decision().model_copy(update=changes)


def test_the_story_is_told_and_checked() -> None:
    lines = [line for scene in SCENES for line in scene.lines]
    assert len(lines) >= 14
    assert {line.text: line.use_case for line in lines if line.use_case} == {**STORY}


def test_a_rule_is_named() -> None:
    assert evidence(decision().model_copy(update={"rule_id": "greeting"})) == "rule: greeting"


def test_the_model_is_shown_with_posterior_and_entropy() -> None:
    assert evidence(by_model()) == "model: chitchat 0.91, entropy 0.50 bits, out of scope 0.02"


def test_text_of_the_shop_is_not_markup() -> None:
    out = printed(told(decision()))
    assert "yes [bold]" in out
    assert "12.3 ms · trace " + "ab" * 16 in out


def test_no_reply_is_said_and_counts_as_broken() -> None:
    silent = Told(Line("hello"), None)
    assert "no reply" in printed(silent)
    assert broken([silent]) == ["'hello': no reply"]


def test_another_use_case_than_promised_is_broken() -> None:
    astray = told(decision(), Line("hello", "returns"))
    assert broken([astray]) == ["'hello': taken for chitchat"]
    assert "expected the use case returns" in printed(astray)
    assert not broken([told(decision(), Line("hello", "chitchat"))])


def test_the_summary_counts_by_tier() -> None:
    out = StringIO()
    summary([told(decision()), told(decision())], Console(file=out, width=100))
    row = next(line for line in out.getvalue().splitlines() if "template" in line)
    assert [cell.strip() for cell in row.strip("│").split("│")] == [
        *("template", "2", "100%", "12.3 ms", "$0.0020"),
    ]


@pytest.mark.parametrize("reason", ["late", "bug"])
def test_a_reason_is_shown(reason: str) -> None:
    one = told(decision())
    assert one.answer
    reply = one.answer.reply.model_copy(update={"reason": reason})
    assert f"({reason})" in printed(Told(one.line, Answer(reply, 0.1, None)))
