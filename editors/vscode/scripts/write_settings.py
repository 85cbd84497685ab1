"""Writes the server's settings into package.json: `python write_settings.py`.

Those of the extension itself stay as they are. Needs codegen_lsp on the path.
"""

import json
from pathlib import Path
from typing import Any

from codegen_lsp.config.describe import manifest

FILE = Path(__file__).parents[1] / "package.json"

_OWN = "codegen-lsp.server."


def with_settings(package: dict[str, Any]) -> dict[str, Any]:
    """The manifest with the settings that the server has now.

    In a folder that is not trusted, the values of the workspace do not count for any of them.
    """
    configuration = package["contributes"]["configuration"]
    own = {key: value for key, value in configuration["properties"].items() if key.startswith(_OWN)}
    properties = own | manifest()
    capabilities = package["capabilities"]
    trust = capabilities["untrustedWorkspaces"] | {"restrictedConfigurations": list(properties)}
    contributes = package["contributes"] | {
        "configuration": configuration | {"properties": properties}
    }
    return package | {
        "capabilities": capabilities | {"untrustedWorkspaces": trust},
        "contributes": contributes,
    }


def as_text(package: dict[str, Any]) -> str:
    """What the file holds."""
    return json.dumps(package, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(as_text(with_settings(json.loads(FILE.read_text("utf-8")))), encoding="utf-8")
