"""The body of a request, checked as strictly as the provider checks it."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from devkit.simulator.refusal import bad_request

MOST_BREAKPOINTS = 4


class Part(BaseModel):
    """What all parts of a request have in common: frozen, and no field that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CacheControl(Part):
    """A breakpoint of the prompt cache. The playbook has prices for five minutes only."""

    type: Literal["ephemeral"]
    ttl: Literal["5m"] = "5m"


class Block(Part):
    """A block of text; the simulator reads no images, documents or tool results."""

    type: Literal["text"]
    text: str = Field(min_length=1)
    cache_control: CacheControl | None = None
    citations: None = None


def _as_blocks(content: Any) -> Any:
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


Blocks = Annotated[tuple[Block, ...], BeforeValidator(_as_blocks)]


class Message(Part):
    """One message of the conversation."""

    role: Literal["user", "assistant"]
    content: Blocks


class Thinking(Part):
    """The simulator does not think."""

    type: Literal["disabled"]


class Prompt(Part):
    """What is counted: the body of /v1/messages/count_tokens."""

    model: str = Field(min_length=1)
    messages: tuple[Message, ...] = Field(min_length=1)
    system: Blocks = ()
    cache_control: CacheControl | None = None
    thinking: Thinking | None = None
    output_config: dict[str, Any] | None = None

    def blocks(self) -> Iterator[tuple[str, Block]]:
        """Role and block, in the order in which the prompt is read."""
        yield from (("system", block) for block in self.system)
        for message in self.messages:
            yield from ((message.role, block) for block in message.content)

    @property
    def user_text(self) -> str:
        """What the last message says."""
        return "\n".join(block.text for block in self.messages[-1].content)

    @property
    def system_text(self) -> str:
        """The system prompt."""
        return "\n".join(block.text for block in self.system)


class Ask(Prompt):
    """The body of /v1/messages."""

    max_tokens: int = Field(ge=1, strict=True)
    stream: bool = False
    stop_sequences: tuple[str, ...] = ()
    metadata: dict[str, Any] | None = None
    service_tier: Literal["auto", "standard_only"] | None = None


Body = TypeVar("Body", bound=Prompt)


def parse(raw: bytes, body: type[Body]) -> Body:
    """The body. Raises Refusal 400 with the first field that does not fit."""
    try:
        asked = body.model_validate_json(raw)
    except ValidationError as wrong:
        first = wrong.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise bad_request(f"{place}: {first['msg']}" if place else first["msg"]) from wrong
    _check(asked)
    return asked


def _check(asked: Prompt) -> None:
    if asked.messages[-1].role != "user":
        raise bad_request("messages: the conversation must end with a user message")
    found = sum(block.cache_control is not None for _, block in asked.blocks())
    if found > MOST_BREAKPOINTS:
        raise bad_request(
            f"A maximum of {MOST_BREAKPOINTS} blocks with cache_control may be provided. "
            f"Found {found}."
        )
