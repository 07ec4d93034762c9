"""Prints the demonstration's end: turns and costs by tier, beside the story's figures."""

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from devkit.demo.mix import Mix, Share, turns_per_second
from events.tier import Tier
from playbook.reference import Reference
from playbook.shop import Shop

TIERS = {
    Tier.TEMPLATE: "templates and APIs",
    Tier.RAG: "RAG, small model",
    Tier.LLM: "big model",
}


def summary(mix: Mix, shop: Shop, reference: Reference, console: Console) -> None:
    """Two tables and what is to be said with them."""
    simulated = " (simulated)" if mix.simulated else ""
    title = f"By tier; a turn at list prices of {shop.prices.read_on}{simulated}, at the story's"
    console.print()
    console.print(_by_tier(mix, title))
    console.print(_beside(mix, reference))
    for note in _notes(mix, shop, reference):
        console.print(f"* {note}", soft_wrap=True, markup=False)


def _by_tier(mix: Mix, title: str) -> Table:
    table = _table(title, ("tier", "turns", "share", "P50", "list", "story's"))
    for share in mix.shares:
        table.add_row(*_row(share, mix.turns))
    turns = max(1, mix.turns)
    per_turn = f"${mix.list_usd / turns:.5f}", f"${mix.story_usd / turns:.4f}"
    table.add_row("all", str(mix.turns), "100%", "", *per_turn)
    return table


def _row(share: Share, of: int) -> tuple[str, ...]:
    return (
        share.name,
        str(share.turns),
        f"{share.turns / of:.0%}",
        f"{share.p50_ms:.1f} ms",
        f"${share.list_usd / share.turns:.5f}",
        f"${share.story_usd:.3f}",
    )


def _beside(mix: Mix, reference: Reference) -> Table:
    table = _table("Beside the story's figures", ("", "here", "here, story's prices", "the story"))
    per_session, told = mix.sessions or 1, reference.cost_per_session_all_big_usd
    table.add_row(
        "cost per session",
        f"${mix.list_usd / per_session:.4f}",
        f"${mix.story_usd / per_session:.4f}",
        f"${told:.2f} → ${reference.cost_per_session_usd:.3f}",
    )
    table.add_row("budget per session", "", "", f"${reference.budget_per_session_usd:.2f}")
    turns = reference.cost_per_session_usd / reference.cost_per_turn_usd
    table.add_row("turns per session", f"{mix.turns / per_session:.1f}", "", f"{turns:.1f}")
    for tier, name in TIERS.items():
        table.add_row(name, f"{mix.of(tier):.0%}", "", f"{_told_share(tier, reference):.0%}")
    return table


def _told_share(tier: Tier, reference: Reference) -> float:
    """The story tells one share for templates and APIs."""
    known = reference.tiers[tier].share
    return reference.share_without_model if tier is Tier.TEMPLATE else known


def _table(title: str, headings: tuple[str, ...]) -> Table:
    table = Table(title=title, title_justify="left")
    for heading in headings:
        table.add_column(heading, justify="left" if heading == headings[0] else "right")
    return table


def _notes(mix: Mix, shop: Shop, reference: Reference) -> Iterator[str]:
    if mix.simulated:
        yield (
            "Simulated: no real model was called. Its tokens are counted by characters and its "
            "latencies are assumptions (docs/simulator.md); set ANTHROPIC_API_KEY for the real one."
        )
    yield (
        f"Prices were read in {shop.prices.read_on} ({shop.prices.source}). They are those of "
        "tokens alone: a turn without a model costs $0 here, and no machine is counted."
    )
    yield (
        "The demonstration asks every use case once or so: its mix and its turns per session are "
        "not traffic, so its cost per session says nothing about a shop's."
    )
    yield _quota(mix, shop, reference)


def _quota(mix: Mix, shop: Shop, reference: Reference) -> str:
    wanted, carried = reference.big_turns_per_second, turns_per_second(mix, shop)
    share = reference.tiers[Tier.LLM].share
    held = (
        f" (about {carried:.0f} a second for turns like these, the prefix cached)"
        if carried
        else ""
    )
    return (
        f"Quota: {share:.0%} of {reference.concurrent_sessions:,} sessions at a turn a minute are "
        f"{wanted:.0f} big-model turns a second, over the largest public quota{held}. The share "
        "that reaches the big model must come down, or the quota be bought."
    )
