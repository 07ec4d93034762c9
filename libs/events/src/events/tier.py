"""The tiers a turn can be answered by, cheapest first."""

from enum import StrEnum


class Tier(StrEnum):
    """Who answers: the order is the order of price."""

    TEMPLATE = "template"
    ORDER = "order"
    RAG = "rag"
    LLM = "llm"
