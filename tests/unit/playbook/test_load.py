"""Loading a playbook: what is wrong is said with file, field and remedy."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from playbook.error import PlaybookError
from playbook.shop import load_shop

PLAYBOOK = Path(__file__).parents[3] / "playbook"
TRACKING = "use_cases/order_tracking.yaml"
NEWSLETTER = "use_cases/newsletter.yaml"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    kept = shutil.ignore_patterns("corpus", "classifier", "frontends", "seed")
    return Path(shutil.copytree(PLAYBOOK, tmp_path / "shop", ignore=kept))


def edit(file: Path, **fields: object) -> None:
    content = yaml.safe_load(file.read_text()) | fields
    file.write_text(yaml.safe_dump(content, allow_unicode=True))


def drop(file: Path, field: str) -> None:
    content = yaml.safe_load(file.read_text())
    del content[field]
    file.write_text(yaml.safe_dump(content, allow_unicode=True))


def rule(**fields: object) -> list[dict[str, object]]:
    return [{"id": "one", "pattern": "x"} | fields]


def _apologies_without_late(copy: Path) -> None:
    apologies = yaml.safe_load((copy / "shop.yaml").read_text())["apologies"]
    edit(copy / "shop.yaml", apologies=apologies | {"late": " "})


SWAP = "use_cases/swap.yaml"


def _returns_by_another_name(copy: Path) -> None:
    (copy / "use_cases/returns.yaml").rename(copy / SWAP)
    edit(copy / SWAP, id="swap", answers_as="returns")


def _slot_with_a_broken_pattern(copy: Path) -> None:
    edit(copy / "shop.yaml", slots={"order_id": {"pattern": "("}})


BROKEN: list[tuple[str, Callable[[Path], object], str, str, str]] = [
    ("a shop without a name", lambda p: drop(p / "shop.yaml", "name"), "shop.yaml", "name", "add"),
    ("no shop", lambda p: (p / "shop.yaml").unlink(), "shop.yaml", "file", "create it"),
    ("no YAML", lambda p: (p / "shop.yaml").write_text("a: ["), "shop.yaml", "file", "no YAML"),
    ("a missing apology", _apologies_without_late, "shop.yaml", "apologies", "late"),
    (
        "a broken slot",
        _slot_with_a_broken_pattern,
        "shop.yaml",
        "slots.order_id.pattern",
        "regular",
    ),
    ("a misspelt field", lambda p: edit(p / TRACKING, harm=1), TRACKING, "harm", "spelling"),
    (
        "an answer that the tier has not",
        lambda p: edit(p / TRACKING, answers_as="tracking"),
        TRACKING,
        "answers_as",
        "name one of billing, order_tracking, returns",
    ),
    (
        "an order tier's use case without an answer",
        lambda p: (p / "use_cases/refund_status.yaml").write_text(
            (p / "use_cases/refund_status.yaml").read_text().replace("answers_as: billing", "")
        ),
        "use_cases/refund_status.yaml",
        "answers_as",
        "has no answer refund_status",
    ),
    (
        "an answer of a tier that tells none apart",
        lambda p: edit(p / NEWSLETTER, answers_as="billing"),
        NEWSLETTER,
        "answers_as",
        "remove it",
    ),
    ("a dialogue without its use case", _returns_by_another_name, SWAP, "answers_as", "add it"),
    ("no risk", lambda p: edit(p / "shop.yaml", risk_usd=0), "shop.yaml", "risk_usd", "greater"),
    (
        "an error target of everything",
        lambda p: edit(p / TRACKING, error_target=0.6),
        TRACKING,
        "error_target",
        "0.5",
    ),
    ("an unknown tier", lambda p: edit(p / TRACKING, tier="cheap"), TRACKING, "tier", "template"),
    ("a missing field", lambda p: drop(p / TRACKING, "label"), TRACKING, "label", "add it"),
    ("a model too many", lambda p: edit(p / TRACKING, model="big"), TRACKING, "file", "model"),
    (
        "too small a budget",
        lambda p: edit(p / TRACKING, budget_usd=0),
        TRACKING,
        "file",
        "budget_usd",
    ),
    ("another id", lambda p: edit(p / TRACKING, id="tracking"), TRACKING, "id", "order_tracking"),
    (
        "an unknown fallback",
        lambda p: edit(p / TRACKING, fallback="sorry"),
        TRACKING,
        "fallback",
        "templates/sorry.j2",
    ),
    (
        "an unknown template of a rule",
        lambda p: edit(p / TRACKING, rules=rule(template="gone")),
        TRACKING,
        "rules.one.template",
        "templates/gone.j2",
    ),
    (
        "an unknown policy of a rule",
        lambda p: edit(p / TRACKING, rules=rule(policy="gone")),
        TRACKING,
        "rules.one.policy",
        "policies/gone.yaml",
    ),
    (
        "an unknown part of a pattern",
        lambda p: edit(p / TRACKING, rules=rule(pattern="<<sku>>")),
        TRACKING,
        "rules.one.pattern",
        "<<sku>>",
    ),
    (
        "a broken pattern",
        lambda p: edit(p / TRACKING, rules=rule(pattern="a(")),
        TRACKING,
        "rules.one.pattern",
        "no regular expression",
    ),
    (
        "a rule id that is taken",
        lambda p: edit(p / TRACKING, rules=rule(id="greeting")),
        TRACKING,
        "rules.greeting",
        "taken",
    ),
    (
        "a fallback that needs facts",
        lambda p: (p / "templates/unavailable.j2").write_text("{{ order.id }}"),
        "templates/unavailable.j2",
        "template",
        "order",
    ),
    (
        "a template that is none",
        lambda p: (p / "templates/policy.j2").write_text("{% if %}"),
        "templates/policy.j2",
        "template",
        "Jinja2",
    ),
    (
        "a part of the prompt that is missing",
        lambda p: (p / "prompts/rules.j2").unlink(),
        "prompts/rules.j2",
        "template",
        "add it",
    ),
    (
        "a promise that is no pattern",
        lambda p: edit(p / "guard.yaml", promises={"refund": "a("}),
        "guard.yaml",
        "promises",
        "refund is no regular expression",
    ),
    (
        "a courtesy that is no pattern",
        lambda p: edit(p / "guard.yaml", courtesies=["fine", "["]),
        "guard.yaml",
        "courtesies",
        "number 2 is no regular expression",
    ),
    (
        "a template that the system needs",
        lambda p: (p / "templates/clarify.j2").unlink(),
        "templates/clarify.j2",
        "file",
        "add it",
    ),
    (
        "a policy with an unknown fact",
        lambda p: edit(p / "policies/privacy.yaml", text="{{ facts.nothing }}"),
        "policies/privacy.yaml",
        "text",
        "nothing",
    ),
    (
        "a policy with too few questions",
        lambda p: edit(p / "policies/privacy.yaml", asks=["Why?"]),
        "policies/privacy.yaml",
        "asks",
        "5",
    ),
    ("no policies", lambda p: shutil.rmtree(p / "policies"), "policies", "folder", "add"),
    (
        "a model without a price",
        lambda p: edit(p / "prices.yaml", chosen={"small": "x", "big": "y"}),
        "prices.yaml",
        "file",
        "chosen.small",
    ),
]


@pytest.mark.parametrize(
    ("spoil", "file", "field", "remedy"), [case[1:] for case in BROKEN], ids=[c[0] for c in BROKEN]
)
def test_what_is_wrong_is_said(
    copy: Path, spoil: Callable[[Path], object], file: str, field: str, remedy: str
) -> None:
    spoil(copy)
    with pytest.raises(PlaybookError) as error:
        load_shop(copy)
    assert error.value.file == copy / file
    assert error.value.field.startswith(field)
    assert remedy in error.value.remedy
    assert str(error.value) == f"{copy / file}: {error.value.field}: {error.value.remedy}"


def test_the_reference_shop_is_whole() -> None:
    shop = load_shop(PLAYBOOK)
    assert set(shop.use_cases) == {
        "account_login",
        "address_change",
        "billing",
        "chitchat",
        "escalation",
        "faq_policy",
        "newsletter",
        "order_change",
        "order_tracking",
        "out_of_scope",
        "product_info",
        "recommendation",
        "refund_status",
        "restock",
        "returns",
    }
    assert len(shop.policies) >= 14
    closed = {name for name, case in shop.use_cases.items() if shop.is_closed(name, case.tier)}
    assert closed <= {"returns"}
    assert not shop.closed_tiers
    assert {name for name, case in shop.use_cases.items() if case.via} == {"recommendation"}


def test_texts_hold_no_trace_of_a_template() -> None:
    shop = load_shop(PLAYBOOK)
    texts = [*shop.apologies.values(), *(policy.text for policy in shop.policies.values())]
    assert not [text for text in texts if "{" in text or "}" in text or "\n" in text]


def test_the_version_follows_what_decides_and_nothing_else(copy: Path) -> None:
    first = load_shop(copy).version
    (copy / "frontends").mkdir()
    (copy / "frontends" / "web.yaml").write_text("name: web")
    assert load_shop(copy).version == first == load_shop(PLAYBOOK).version
    edit(copy / TRACKING, harm_usd=3.0)
    second = load_shop(copy).version
    assert second != first
    (copy / "prompts" / "style.j2").write_text("Be short.")
    third = load_shop(copy).version
    assert third != second
    edit(copy / "guard.yaml", names=["Kumo"])
    assert load_shop(copy).version not in (first, second, third)


def test_rules_stand_by_priority() -> None:
    priorities = [rule.priority for rule in load_shop(PLAYBOOK).rules]
    assert priorities == sorted(priorities, reverse=True)


def test_a_call_costs_its_tokens() -> None:
    prices = load_shop(PLAYBOOK).prices
    big = prices.usd_per_million_tokens["sonnet-5-5"]
    assert big.cost_usd(1000, 500, 2000) == pytest.approx(0.002 + 0.005 + 0.0002)
