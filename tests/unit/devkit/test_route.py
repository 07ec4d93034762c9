"""`tierwise route`: what a history may be, what it leaves, batches, and what is printed."""

import json
from pathlib import Path

import pytest
import typer
from suites.posteriors import limits, posterior
from suites.reference_shop import PLAYBOOK, shop
from typer.testing import CliRunner

from classifier.model import Posterior
from devkit import parts
from devkit.errors import ENVIRONMENT, DevkitError
from devkit.route import command
from devkit.route.batch import decided, read_rows
from devkit.route.history import parse_history, read_history
from devkit.route.recall import Recall
from devkit.route.router import Router
from events.context import Context, Exchange
from events.decision import Decision, Evidence
from playbook.catalogue import read_catalogue

RECALL = Recall(shop(), read_catalogue(PLAYBOOK / "catalogue" / "series.jsonl"))
WHICH = (
    "You have 2 open orders. Which one do you mean?\n"
    "1. #ABC123, Berserk 1–3, 12 Nov\n2. #DEF456, Vinland Saga 12, 3 Oct"
)


def says_nothing(_: str) -> Posterior:
    return posterior(out_of_scope=0.99)


ROUTER = Router(shop(), says_nothing, limits(), RECALL)


def after(*history: object) -> Context:
    return ROUTER.recall(list(history))


def decide(text: str, *history: object) -> Decision:
    return ROUTER.decide(text, after(*history))


@pytest.mark.parametrize(
    ("raw", "pairs"),
    [
        (None, []),
        ([], []),
        (["hi", "and?"], [("hi", ""), ("and?", "")]),
        ([{"said": "hi", "replied": "Hello!"}], [("hi", "Hello!")]),
        ([{"said": "hi"}], [("hi", "")]),
        ([{"said": "hi", "replied": None}], [("hi", "")]),
        (
            [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "Hello!"}],
            [("hi", "Hello!")],
        ),
        (
            [{"role": "customer", "text": "hi"}, {"role": "bot", "text": "Hello!"}, "and?"],
            [("hi", "Hello!"), ("and?", "")],
        ),
        (["hi", {"role": "Bot", "text": "A"}, {"role": "bot", "text": "B"}], [("hi", "A\nB")]),
        ([{"role": "bot", "text": "Welcome"}, "hi"], [("", "Welcome"), ("hi", "")]),
        ([" ", {"said": "a", "replied": "b"}], [("a", "b")]),
        ([Exchange(said="a", replied="b")], [("a", "b")]),
    ],
)
def test_a_history_is_read_in_every_form(raw: object, pairs: list[tuple[str, str]]) -> None:
    found = parse_history(raw)
    assert not isinstance(found, Context)
    assert [(one.said, one.replied) for one in found] == pairs


def test_a_whole_context_is_taken_as_it_is() -> None:
    context = Context(use_case="product_info", entities={"series": "monster"})
    assert parse_history(context.model_dump(mode="json")) == context
    assert ROUTER.recall(context) == context


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        ("hi", "it is a text"),
        (5, "it is a number"),
        ([5], "entry 1 is a number"),
        (["a", None], "entry 2 is null"),
        ([["a", "b"]], "entry 1 is a list"),
        ([{"role": "system", "content": "x"}], "role 'system'"),
        ([{"role": "user"}], "no text"),
        ([{"role": "user", "content": ["x"]}], "content of entry 1 is a list"),
        ([{"question": "x"}], "entry 1 has question"),
        ([{}], "entry 1 has nothing"),
        ({"said": "x"}, "the object has said"),
        ({}, "nothing"),
        ({"entities": ["x"]}, "entities of the context"),
    ],
)
def test_what_is_no_history_is_refused_with_what_to_do(raw: object, what: str) -> None:
    with pytest.raises(DevkitError, match="Give a JSON list") as refused:
        parse_history(raw)
    assert what in str(refused.value)
    assert refused.value.exit_code == ENVIRONMENT


def test_a_history_is_written_out_or_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "history.json"
    file.write_text('["hi"]')
    assert read_history('["hi"]') == read_history(f"@{file}") == ["hi"]
    file.write_text('["hi"]', encoding="utf-8-sig")
    assert read_history(f"@{file}") == ["hi"]
    with pytest.raises(DevkitError, match="is no JSON"):
        read_history("hi")
    with pytest.raises(DevkitError, match="cannot be read"):
        read_history(f"@{tmp_path / 'none.json'}")


def test_a_series_and_its_volume_are_remembered() -> None:
    found = decide("and volume 13?", "Tell me about Vinland Saga volume 12")
    assert (found.by, found.use_case) == (Evidence.RULE, "product_info")
    assert found.slots == {"series": "vinland-saga", "volume": "13"}
    context = after("Tell me about Vinland Saga volume 12", "how many volumes does Monster have?")
    assert context.entities == {"series": "monster"}


def test_an_order_is_remembered_from_the_words_and_from_the_reply() -> None:
    said = "where is my order #ABC123"
    assert after(said).entities == {"order_id": "ABC123"}
    told = {"said": "where is my order?", "replied": "Your order #DEF456 (Nana 1) left us."}
    assert after(told).entities == {"order_id": "DEF456"}
    assert decide("when will it come", told).slots["order_id"] == "DEF456"


@pytest.mark.parametrize(
    "reply",
    [
        WHICH,
        "Which one: 1) #ABC123 2) #DEF456?",
        "I see two: #ABC123 (Berserk) and #DEF456 (Nana). Which one is it?",
        "- #ABC123, Berserk\n- #DEF456, Nana\nWhich one?",
    ],
)
def test_orders_that_were_offered_are_options(reply: str) -> None:
    found = decide("the second one", {"said": "where is my order?", "replied": reply})
    assert (found.by, found.use_case) == (Evidence.QUESTION, "order_tracking")
    assert found.slots["order_id"] == "DEF456"


@pytest.mark.parametrize(
    "reply",
    [
        "Which of these series do you mean?\n1. 20th Century Boys\n2. Monster by Naoki Urasawa",
        "Do you mean 20th Century Boys or Monster?",
    ],
)
def test_series_that_were_offered_are_options(reply: str) -> None:
    before = {"said": "tell me about the urasawa manga", "replied": reply}
    found = decide("the second one", before)
    assert (found.use_case, found.slots["series"]) == ("product_info", "monster")


def test_a_clarifying_question_is_answered_by_its_labels() -> None:
    cases = shop().use_cases
    labels = f"{cases['returns'].label} or {cases['billing'].label}"
    reply = f"I want to be sure I get this right. Which of these is it about: {labels}?"
    context = after({"said": "it is about my money and the book", "replied": reply})
    assert context.question is not None
    assert context.question.slot == "use_case"
    assert ROUTER.decide("the first", context).use_case == "returns"
    assert ROUTER.decide("sending back", context).use_case == "returns"


@pytest.mark.parametrize(
    ("reply", "slot", "text", "value"),
    [
        ("Which order?\n1. #ABC123, Nana\n2. #DEF456, Monster", "order_id", "2", "DEF456"),
        ("Your money back, or an exchange?", "return_choice", "an exchange", "exchange"),
        ("Is this right?\nSay yes, and I open the return.", "return_confirm", "yep", "yes"),
        ("Sure, which one? 1) Berserk 1 2) Nana 2", "return_item", "the second", "line2"),
        ("Which of the books?\n1. Nana 1\n2. Nana 2", "return_item", "the second", "line2"),
    ],
)
def test_an_open_return_goes_on(reply: str, slot: str, text: str, value: str) -> None:
    context = after({"said": "I want to return this", "replied": reply})
    assert context.flow is not None
    assert context.question is not None
    assert (context.flow.name, context.question.slot) == ("returns", slot)
    found = ROUTER.decide(text, context)
    assert (found.by, found.use_case, found.slots) == (Evidence.FLOW, "returns", {slot: value})


def test_a_return_of_which_no_reply_is_known_is_open() -> None:
    assert decide("never mind", "I want to return this").slots == {"cancel": "yes"}
    aside = decide("how much is shipping to Canada?", "I want to return this")
    assert aside.use_case == "faq_policy"


def test_a_return_that_was_left_or_opened_is_over() -> None:
    assert after("I want to return this", "never mind").flow is None
    done = {"said": "I want to return this", "replied": "Your return is open. Its number is R-1."}
    assert after(done).flow is None


def test_an_aside_leaves_the_return_open() -> None:
    asked = {"said": "I want to return this", "replied": "What is the reason?"}
    aside = {"said": "how much is shipping to Canada?", "replied": "It costs $7.90."}
    assert decide("nvm", asked, aside).slots == {"cancel": "yes"}


def test_what_was_suggested_can_be_chosen_from() -> None:
    reply = "From our catalogue:\n\n1. Monster: mystery; 18 volumes.\n2. Pluto: sci-fi; 8 volumes."
    told = {"said": "recommend me a good manga", "replied": reply}
    assert after(told).entities["shown"] == "monster,pluto"
    assert decide("tell me about the second one", told).slots["series"] == "pluto"


def test_no_words_are_not_decided() -> None:
    with pytest.raises(ValueError, match="without words"):
        ROUTER.decide("  ")


def rows(tmp_path: Path, *lines: str) -> Path:
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def test_a_batch_has_one_line_a_row(tmp_path: Path) -> None:
    file = rows(
        tmp_path,
        '{"id": 7, "text": "where is my order #ABC123", "label": "order_tracking"}',
        "",
        '{"text": "and volume 13?", "history": ["Tell me about Vinland Saga volume 12"],'
        ' "acceptable_labels": [], "must_not": []}',
    )
    first, second = decided(ROUTER, read_rows(file))
    assert (first["id"], first["text"]) == (7, "where is my order #ABC123")
    assert (first["use_case"], first["tier"]) == ("order_tracking", "order")
    assert "id" not in second
    assert Decision.model_validate(second["decision"]).slots["volume"] == "13"
    assert set(second) == {"text", "use_case", "tier", "decision"}


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("{", "is no JSON"),
        ("[]", "is no object"),
        ('{"label": "x"}', 'has no "text"'),
        ('{"text": " "}', 'has no "text"'),
        ('{"text": "x", "history": [5]}', "entry 1 is a number"),
        ('{"text": "x", "history": ["\\ud83d"]}', "half of a surrogate pair"),
        ('{"text": "x", "id": ' + "[" * 50_000 + "]" * 50_000 + "}", "nested too deeply"),
    ],
)
def test_a_bad_line_is_named_by_its_number(tmp_path: Path, line: str, what: str) -> None:
    with pytest.raises(DevkitError, match="line 2") as refused:
        read_rows(rows(tmp_path, '{"text": "hi"}', line))
    assert what in str(refused.value)


def test_a_file_that_is_not_there_or_empty_is_told(tmp_path: Path) -> None:
    with pytest.raises(DevkitError, match="cannot be read"):
        read_rows(tmp_path / "none.jsonl")
    with pytest.raises(DevkitError, match="has no rows"):
        read_rows(rows(tmp_path, ""))


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    monkeypatch.setattr(command, "_router", lambda *_: ROUTER)
    return command.app


def test_json_has_its_three_keys(app: typer.Typer) -> None:
    history = '["Tell me about Vinland Saga volume 12"]'
    done = CliRunner().invoke(app, ["and volume 13?", "--history", history, "--json"])
    found = json.loads(done.stdout)
    assert (set(found), found["use_case"]) == ({"use_case", "tier", "decision"}, "product_info")
    assert Decision.model_validate(found["decision"]).tier == found["tier"]


def test_a_person_reads_a_panel(app: typer.Typer) -> None:
    done = CliRunner().invoke(app, ["where is my order #ABC123"])
    assert "order_tracking" in done.stdout
    assert "order_id = ABC123" in done.stdout
    asked = CliRunner().invoke(app, ["colourless green ideas sleep"])
    assert "█" in asked.stdout


def test_a_batch_goes_to_a_file_and_tells_its_progress(
    app: typer.Typer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "PROGRESS_EVERY", 1)
    file, out = rows(tmp_path, '{"text": "hi"}', '{"text": "thanks"}'), tmp_path / "out.jsonl"
    done = CliRunner().invoke(app, ["--batch", str(file), "--out", str(out)])
    assert done.exit_code == 0
    assert [json.loads(line)["use_case"] for line in out.read_text().splitlines()] == [
        "chitchat"
    ] * 2
    plain = CliRunner().invoke(app, ["--batch", str(file)])
    assert [json.loads(line)["text"] for line in plain.stdout.splitlines()] == ["hi", "thanks"]


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ([], "no words to decide"),
        ([""], "no words to decide"),
        (["--", "-"], "no words to decide"),
        (["hi", "--batch", "x.jsonl"], "leave TEXT and --history out"),
        (["hi", "--out", "x"], "--out is for --batch"),
        (["hi", "--history", "{"], "is no JSON"),
        (["hi", "--history", "[" * 50_000], "nested too deeply"),
        (["f\udcfcr"], "no UTF-8 text"),
    ],
)
def test_a_call_that_cannot_be_meant_is_refused(
    app: typer.Typer, arguments: list[str], what: str
) -> None:
    done = CliRunner().invoke(app, arguments)
    assert isinstance(done.exception, DevkitError)
    assert what in str(done.exception)


def test_the_part_is_one_command() -> None:
    (part,) = [one for one in parts.PARTS if one.name == "route"]
    app = typer.Typer()
    app.command("other")(lambda: None)
    parts._attach_whole(app, part)
    assert "--history" in CliRunner().invoke(app, ["route", "--help"]).stdout


def test_a_playbook_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(DevkitError, match=r"shop\.yaml"):
        command._router(tmp_path, None)
