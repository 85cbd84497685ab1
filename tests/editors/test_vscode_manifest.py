"""The extension's manifest and the server's settings say the same. Needs no VS Code."""

import json

from codegen_lsp.config.describe import manifest
from editors.vscode.scripts.write_settings import FILE, as_text, with_settings


def test_writing_the_settings_would_change_nothing() -> None:
    text = FILE.read_text("utf-8")
    assert as_text(with_settings(json.loads(text))) == text, (
        "run editors/vscode/scripts/write_settings.py"
    )


def test_every_setting_is_there_and_that_of_an_untrusted_workspace_does_not_count() -> None:
    package = json.loads(FILE.read_text("utf-8"))
    properties = package["contributes"]["configuration"]["properties"]
    trust = package["capabilities"]["untrustedWorkspaces"]
    assert manifest().items() <= properties.items()
    assert trust["restrictedConfigurations"] == list(properties)
