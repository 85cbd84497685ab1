"""The settings for people and programs to read: values and origins, README's table, manifests."""

import json
from typing import Any

from codegen_lsp.config.schema import SETTINGS, Setting
from codegen_lsp.config.sources import Resolved


def as_json(resolved: Resolved) -> dict[str, object]:
    """Each setting's value, origin, default, type and help, and the problems."""
    settings = {
        setting.name: {
            "value": getattr(resolved.settings, setting.name),
            "origin": resolved.origins[setting.name],
            "default": setting.default,
            "type": setting.type,
            "help": setting.help,
        }
        for setting in SETTINGS.values()
    }
    return {"settings": settings, "problems": list(resolved.problems)}


def as_text(resolved: Resolved) -> str:
    """Two lines for each setting: name, value and origin in columns, and its help."""
    values = {name: value_text(getattr(resolved.settings, name)) for name in SETTINGS}
    name_width = max(map(len, values))
    value_width = max(map(len, values.values()))
    return "\n".join(
        f"{name:{name_width}}  {value:{value_width}}  {resolved.origins[name]}\n"
        f"    {SETTINGS[name].help}"
        for name, value in values.items()
    )


def manifest() -> dict[str, dict[str, Any]]:
    """`contributes.configuration.properties` of a VS Code extension, also for others like it.

    What a project file may not set has the scope "machine", so that a workspace cannot either.
    """
    return {f"codegen-lsp.{each.camel_name}": _property(each) for each in SETTINGS.values()}


def settings_table() -> str:
    """Table in Markdown, one row for each setting."""
    rows = ["| setting | values | default | |", "|---|---|---|---|"]
    rows += [
        f"| `{each.name}` | {_values(each)} | `{value_text(each.default)}` | {_meaning(each)} |"
        for each in SETTINGS.values()
    ]
    return "\n".join(rows)


def value_text(value: object) -> str:
    """A setting's value as one would write it in TOML; "not set" for None."""
    return "not set" if value is None else json.dumps(value, ensure_ascii=False)


def _property(setting: Setting) -> dict[str, Any]:
    optional = setting.default is None
    facts = {
        "type": [setting.type, "null"] if optional else setting.type,
        "default": setting.default,
        "description": setting.help,
        "enum": list(setting.choices) or None,
        "items": {"type": "string"} if setting.type == "array" else None,
        "minimum": setting.minimum,
        "maximum": setting.maximum,
        # A workspace's value would replace the user's own in the editor.
        "scope": "machine" if setting.adds or not setting.from_project else None,
    }
    return {key: fact for key, fact in facts.items() if fact is not None or key == "default"}


def _values(setting: Setting) -> str:
    if setting.choices:
        return ", ".join(f"`{choice}`" for choice in setting.choices)
    if setting.type == "integer":
        return f"{setting.minimum:,} to {setting.maximum:,}"
    return {"boolean": "`true`, `false`", "array": "list of strings"}.get(setting.type, "string")


def _meaning(setting: Setting) -> str:
    return setting.help if setting.from_project else f"{setting.help} Not from a project file."
