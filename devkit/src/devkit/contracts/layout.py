"""How the generated YAML is laid out: long texts as blocks, nothing by reference."""

from typing import Any

import yaml


class _Plain(yaml.SafeDumper):
    """Writes shared parts out each time: anchors are for machines, and some cannot read them."""

    def ignore_aliases(self, data: Any) -> bool:
        """Always."""
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Plain.add_representer(str, _text)


def as_yaml(document: dict[str, Any]) -> str:
    """The document as YAML, keys in their order."""
    return yaml.dump(document, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=100)
