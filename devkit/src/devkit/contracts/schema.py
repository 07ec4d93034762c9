"""JSON Schemas of the events as they stand on the wire, for programs in any language.

Draft 7: the one that AsyncAPI and the code generators of most languages read.
"""

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from events.control import Control
from events.reply import Reply

DRAFT = "http://json-schema.org/draft-07/schema#"
REFERENCE = "#/definitions/{model}"

Schema = dict[str, Any]


class _OnTheWire(GenerateJsonSchema):
    """A field without a value is left out of the JSON, so null is no value of any field."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Titles of fields say what their names say."""
        return False

    def nullable_schema(self, schema: core_schema.NullableSchema) -> Schema:
        """The type alone."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> Schema:
        """No default of null: the field may be absent, that is all."""
        if schema.get("default", ...) is None:
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)


class _WithNull(_OnTheWire):
    """Control entries are written whole: null means that an entry does not expire."""

    nullable_schema = GenerateJsonSchema.nullable_schema


def schema_of(model: type[BaseModel], event_type: str) -> Schema:
    """The schema of an event's body."""
    generator = _WithNull if model is Control else _OnTheWire
    made = model.model_json_schema(
        ref_template=REFERENCE, schema_generator=generator, mode="serialization"
    )
    body = {"$schema": DRAFT, **made, "title": event_type}
    if "$defs" in body:
        body["definitions"] = body.pop("$defs")
    if model is Reply:
        # What a reply leaves for the next turn stays inside.
        del body["properties"]["leaves"]
    return _pruned(body)


def _pruned(body: Schema) -> Schema:
    """The schema with the definitions that are reached from its fields, and no others."""
    definitions = body.pop("definitions", {})
    reached: dict[str, Schema] = {}
    waiting = _references(body)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached[name] = definitions[name]
            waiting |= _references(definitions[name])
    if not reached:
        return body
    return body | {"definitions": {name: reached[name] for name in sorted(reached)}}


def _references(node: Any) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"].rsplit("/", 1)[1]} if "$ref" in node else set()
        return own.union(*(_references(value) for value in node.values()))
    if isinstance(node, list):
        return set().union(*(_references(value) for value in node))
    return set()
