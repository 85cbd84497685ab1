"""Secrets are taken out of text; ordinary code stays as it is."""

import importlib
import logging
import pkgutil
import re
from pathlib import Path

import detect_secrets.plugins
import pytest
from detect_secrets.plugins.base import RegexBasedDetector
from detect_secrets.plugins.ip_public import IPPublicDetector
from detect_secrets.plugins.keyword import DENYLIST
from detect_secrets.plugins.private_key import PrivateKeyDetector
from detect_secrets.settings import get_settings
from hypothesis import given
from hypothesis import strategies as st

from codegen_lsp.context import secrets
from codegen_lsp.context.secret_patterns import KEYWORD, QUOTED_ASSIGNMENTS, TOKENS
from codegen_lsp.context.secrets import PLACEHOLDER, redact

# Put together here, so that no scanner takes this file's examples for secrets.
DRAWN = "k9Xw2LmQ7rTz4VbN8cHy5JdG1sFp6AeU3iOo0KjM"
HEXED = "9f3c1be07d52a8646e10fb93c5d7248a"
JWT = ".".join(
    ["eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiIxMjM0NTY3ODkwIn0", "dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"]
)

# What stands before the secret, the secret, and what stands behind it.
SECRETS = {
    "AWS key id": ('key_id = "', "AKIA" + "2E7QXW4ZLMNT5RVB", '"'),
    "AWS secret key": ("aws_secret_access_key = '", DRAWN, "'"),
    "AWS key in a comment": ("# was ", "ASIA" + "2E7QXW4ZLMNT5RVB", ", now rotated"),
    "GitHub token": ('TOKEN = "', "ghp_" + DRAWN[:36], '"'),
    "GitHub token, unquoted": ("export GH=", "gho_" + DRAWN[:36], ""),
    "GitHub token in an address": ("git clone https://x:", "ghs_" + DRAWN[:36], "@host/r"),
    "GitHub fine-grained token": ("t = '", "github_pat_" + "11AAB" + DRAWN, "'"),
    "GitLab token": ("curl -H 'PRIVATE-TOKEN: ", "glpat-" + DRAWN[:20], "' https://host"),
    "Slack bot token": ('slack = App("', "xoxb-" + "1234567890-0987654321-abcdefgh1j", '")'),
    "Slack webhook": ('url = "', "https://hooks.slack.com/services/" + "T01/B02/Xy9", '"'),
    "Stripe key": ('stripe.api_key = "', "sk_live_" + DRAWN[:24], '"'),
    "Stripe test key": ('stripe.api_key = "', "sk_test_" + DRAWN[:24], '"'),
    "OpenAI key": ('OpenAI("', "sk-" + DRAWN[:20] + "T3BlbkFJ" + DRAWN[:20], '")'),
    "Anthropic key": ('c = Client("', "sk-ant-" + "api03-" + DRAWN, '")'),
    "Google key": ("https://host/maps?key=", "AIza" + DRAWN[:35], "&v=3"),
    "Hugging Face token": ('login("', "hf_" + "abcdefghijKLMNOPQRstuvwxyzABCDefgh", '")'),
    "npm token": ("//registry.host/:_authToken=", "npm_" + DRAWN[:36], ""),
    "PyPI token": ("password = ", "pypi-AgEIcHlwaS5vcmc" + DRAWN * 2, ""),
    "SendGrid key": ('send("', f"SG.{DRAWN[:22]}.{DRAWN}abc", '")'),
    "Twilio key": ('twilio("', "SK" + HEXED, '")'),
    "Mailchimp key": ('mc("', HEXED + "-us12", '")'),
    "Telegram token": ('bot("', "123456789:AA" + DRAWN[:33], '")'),
    "Discord token": ('bot.run("', f"M{DRAWN[:23]}.{DRAWN[:6]}.{DRAWN[:27]}", '")'),
    "Azure storage key": ("DefaultEndpoints;", "AccountKey=" + (DRAWN * 3)[:86] + "==", ";"),
    "JWT": ('headers = {"Authorization": "Bearer ', JWT, '"}'),
    "bearer token": ('h = "Bearer ', DRAWN, '"'),
    "password in an address": ('url = "postgres://app:', "kX9vQ2mZ", '@db:5432/app"'),
    "password": ('password = "', "hunter2", '"'),
    "password with symbols": ('DB_PASSWORD = "', "Tr0ub4dor&3", '"'),
    "password without digits": ('db_pass = "', "Gh!kW^qZvp", '"'),
    "password as an argument": ('connect(host="db", password="', "s3cr3tP4ss", '", port=1)'),
    "password in a comparison": ("if ", '"pA55w0rd77"', " == password:"),
    "API key": ('api_key: "', "9xk2mq7rw4", '",'),
    "Go's declaration": ('apiKey := "', "9xk2mq7rw4", '"'),
    "typed constant": ('const API_KEY: &str = "', "9xk2mq7rw4", '";'),
    "annotated": ("PASSWORD: Final[str] = '", "pA55w0rd77", "'"),
    "bytes": ('PASSWORD = b"', "pA55w0rd77", '"'),
    "long quotes": ('password = """', "pA55w0rd77", '"""'),
    "a default": ('os.environ.get("DB_PASSWORD", "', "pA55w0rd77", '")'),
    "another default": ('const apiKey = process.env.API_KEY || "', "9xk2mq7rw4", '";'),
    "macro": ('#define API_KEY "', "9xk2mq7rw4", '"'),
    "PHP's constant": ("define('DB_PASSWORD', '", "pA55w0rd77", "');"),
    "connection": ('open("Server=db;User Id=sa;Password=', "pA55w0rd77", ';")'),
    "access token": ('access_token = "', "9xk2mq7rw4", '"'),
    "hash rocket": ("'secret' => '", "v8Kq2zX7", "',"),
    "random string": ('session.sign("', DRAWN, '")'),
    "random hex": ('sign("', HEXED, '")'),
}


def test_there_are_enough_cases() -> None:
    assert len(SECRETS) >= 30
    assert len(HARMLESS) >= 30


@pytest.mark.parametrize(("before", "secret", "after"), SECRETS.values(), ids=SECRETS)
def test_a_secret_is_replaced_and_the_rest_stays(before: str, secret: str, after: str) -> None:
    above, below = "import os\n\ndef f(x):\n", "\n    return x\n"
    redacted = redact(f"{above}    {before}{secret}{after}{below}")
    assert secret.strip('"') not in redacted
    assert redacted.startswith(f"{above}    {before.rstrip('/')[:8]}")
    assert redacted.endswith(f"{after[-1:]}{below}")
    assert PLACEHOLDER in redacted
    assert redacted.count("\n") == 5
    # Nothing long enough to be of use is left of it.
    pieces = {secret[at : at + 12] for at in range(len(secret) - 11)}
    assert not any(piece in redacted for piece in pieces)


HARMLESS = [
    'password = "changeme"',
    'password = "change_me_123"',
    'password = "password123"',
    'password="test"',
    'PASSWORD = "your-password-here"',
    'api_key = "YOUR_API_KEY"',
    'api_key = "my-secret-key-1"',
    'api_key = "xxxxxxxxxxxxxxxx"',
    'api_key = "<insert your key>"',
    'password = "${DB_PASSWORD}"',
    "password = '{{ vault_password_1 }}'",
    'password = "%(password1)s"',
    'password=os.environ["X9_PASSWORD"]',
    'password = os.environ.get("DB_PASSWORD_1", "")',
    "def login(user: str, password: str, token: str | None = None) -> Token:",
    "token = tokens[index] if index < len(tokens) else None",
    'password = f"{user}-x9k{number}"',
    "const password: string = `${user}-x9k`;",
    '("password", "user_name1")',
    "secret_key = config.get_secret('app/prod/db1')",
    'secret_name = "projects/p1/secrets/db-password"',
    'secret_file = "/run/secrets/db9x2k"',
    'private_key_path = "~/.ssh/id_rsa2"',
    'password_url = "https://host.example/reset/9x8y7z6w"',
    'password_hash = "sha256"',
    'PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]',
    'api_key_header = "X-API-Key"',
    'API_KEY_VARIABLE = "OPENAI_API_KEY_2"',
    '{"password": "Enter your password, 8 letters at least"}',
    'password_label = "Passwort1 eingeben"',
    'assert secret == "secret"',
    'url = "postgres://user:password@localhost:5432/app"',
    'url = f"postgres://{user}:{password}@{host}/app"',
    'url = "https://host.example:8080/path@2x.png"',
    'id = "3f2504e0-4f89-11d3-9a0c-0305e82c3301"',
    "# fixed in 9fceb02d0ae598e95dc970b74767f19372d61af8",
    'REVISION = "9fceb02d0ae598e95dc970b74767f19372d61af8"',
    'pinned = "9fceb02d0ae598e95dc970b74767f19372d61af8"',
    f'sha256 = "{HEXED}{HEXED}"',
    f'md5: "{HEXED}"',
    f'"integrity": "sha512-{DRAWN}{DRAWN}=="',
    f'commit_id = "{HEXED}"',
    "color: #ff00aa; background: #1e1e2eff;",
    'ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"',
    'BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"',
    'path = "content/browser/renderer_host/render_widget_host_view_2"',
    'name = "DescribeNetworkInterfacePermissionsPaginator2"',
    '"test_should_return_404_when_user_is_not_found_in_database"',
    "version = 'v1.23.4-rc1+build.20260101'",
    "class APActivityIndicator : UIView {",
    'if "BEGIN RSA PRIVATE KEY" in text:',
    'PEM = re.compile("-----BEGIN PRIVATE KEY-----.*-----END PRIVATE KEY-----")',
    "x = 0x9f3c1be07d52a8646e10fb93c5d7248a",
    "127.0.0.1:8080 10.1.2.3 8.8.8.8",
    "İstanbul ß ﬃ",
]


@pytest.mark.parametrize("line", HARMLESS)
def test_ordinary_code_stays(line: str) -> None:
    assert redact(line) == line
    assert redact(f"a\n  {line}\nb\n") == f"a\n  {line}\nb\n"


@pytest.mark.parametrize("path", ["a.yaml", "a.yml", "conf/a.ini", "a.toml", "a.properties"])
def test_values_without_quotes_in_settings_files(path: str) -> None:
    assert redact("db_password: kX9vQ2mZ\nport: 1\n", path) == "db_password: REDACTED\nport: 1\n"
    assert redact("password = changeme\n", path) == "password = changeme\n"
    assert redact("password_policy: strong-v2\n", path) == "password_policy: strong-v2\n"


@pytest.mark.parametrize("path", ["a.sh", "bin/a.bash"])
def test_values_without_quotes_in_scripts_of_shells(path: str) -> None:
    script = "export DB_PASSWORD=kX9vQ2mZ\nlogin --password=$DB_PASSWORD\nPASSWORD=changeme\n"
    assert redact(script, path) == script.replace("kX9vQ2mZ", "REDACTED")
    assert redact(script, "a.py") == script


def test_values_without_quotes_in_code_are_names() -> None:
    assert redact("password = password2x\n", "a.py") == "password = password2x\n"


def test_of_finds_that_overlap_nothing_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    spans = [(6, 8), (2, 9), (4, 5), (9, 10)]
    monkeypatch.setattr(secrets, "_secrets", lambda _text, _path: iter(spans))
    assert redact("a=bcdefghi;x") == "a=REDACTEDREDACTED;x"


def test_all_secrets_of_a_line() -> None:
    line = 'c(password="kX9vQ2mZ", api_key="p7Rw4tYq9", token="ghp_' + DRAWN[:36] + '")'
    assert redact(line) == 'c(password="REDACTED", api_key="REDACTED", token="REDACTED")'


BODY = "\n".join([*(f"MII{number}{DRAWN[:34]}{DRAWN[:25]}" for number in range(5)), "Qw=="])
KEY = f"-----BEGIN RSA PRIVATE KEY-----\n{BODY}\n-----END RSA PRIVATE KEY-----"


def remains(redacted: str) -> list[str]:
    """What of the key's body is still there."""
    return [line for line in BODY.split("\n") if line[:20] in redacted]


@pytest.mark.parametrize(
    "text",
    [
        f"a = 1\nKEY = '''\n{KEY}\n'''\nb = 2\n",
        "KEY = (\n" + "\n".join(f'    "{line}\\n"' for line in KEY.split("\n")) + "\n)\n",
        'KEY = "' + KEY.replace("\n", "\\n") + '"\n',
        KEY.replace("RSA", "OPENSSH"),
        KEY.replace("RSA ", ""),
        KEY.replace("RSA", "EC").replace("\n", "\r\n"),
        KEY.replace("-----\nMII0", "-----\nProc-Type: 4,ENCRYPTED\n\nMII0"),
        KEY.replace("RSA PRIVATE KEY", "PGP PRIVATE KEY BLOCK"),
        KEY.partition("-----END")[0],
        KEY.replace("Qw==", "Qw==\n=aB3d"),
        f"PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\n{BODY}\nPrivate-MAC: {HEXED}\n",
        f"{KEY}\n\n{KEY}\n",
    ],
)
def test_private_keys_go_wholly_and_the_lines_stay(text: str) -> None:
    redacted = redact(text)
    assert remains(redacted) == []
    assert "ENCRYPTED" not in redacted
    assert HEXED not in redacted
    assert redacted.count("\n") == text.count("\n")
    start = text.index("--BEGIN" if "--BEGIN" in text else "PuTTY")
    assert redacted.startswith(text[: start + 20])


@pytest.mark.parametrize(
    "code",
    [
        'if line == "-----BEGIN RSA PRIVATE KEY-----":\n    return decode_rsa(x)\n',
        'MARKS = ("-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----")\n',
    ],
)
def test_code_that_speaks_of_keys_stays(code: str) -> None:
    below = "DescribeNetworkInterfacePermissionsPaginator(a)\n# -----END RSA PRIVATE KEY-----\n"
    assert redact(code + below) == code + below


def test_what_follows_a_key_stays() -> None:
    rest = "'''\nb = call(x)\n"
    assert redact(f"'''{KEY}{rest}").endswith(f"-----END RSA PRIVATE KEY-----{rest}")


def test_no_line_moves_in_a_file_of_secrets() -> None:
    text = "\n".join("".join(parts) for parts in SECRETS.values())
    redacted = redact(text).split("\n")
    assert len(redacted) == len(SECRETS)
    assert all(PLACEHOLDER in line for line in redacted)


@given(st.lists(st.one_of(st.sampled_from([*HARMLESS, KEY]), st.text()), max_size=6))
def test_any_text_keeps_its_lines_and_is_redacted_once(lines: list[str]) -> None:
    text = "\n".join([*lines, *("".join(parts) for parts in list(SECRETS.values())[:3])])
    redacted = redact(text)
    assert redacted.count("\n") == text.count("\n")
    assert redact(redacted) == redacted


def test_the_words_lose_nothing_that_the_patterns_find() -> None:
    for parts in SECRETS.values():
        line = "".join(parts)
        for detector in TOKENS:
            if detector.words and detector.pattern.search(line):
                assert any(word in line.lower() for word in detector.words), detector
        if any(detector.pattern.search(line) for detector in QUOTED_ASSIGNMENTS):
            assert KEYWORD.search(line), line


def test_every_name_that_the_library_knows_is_looked_for() -> None:
    for name in DENYLIST:
        assert KEYWORD.search(name.replace("_?", "_"))
        assert KEYWORD.search(name.replace("_?", "").upper())


def test_every_pattern_of_the_library_is_used() -> None:
    for module in pkgutil.iter_modules(detect_secrets.plugins.__path__):
        importlib.import_module(f"detect_secrets.plugins.{module.name}")
    used = {id(detector.pattern) for detector in TOKENS}
    # Addresses are no secrets, and private keys span lines.
    others = {IPPublicDetector, PrivateKeyDetector}
    for plugin in set(RegexBasedDetector.__subclasses__()) - others:
        patterns: list[re.Pattern[str]] = list(plugin.denylist)  # type: ignore[call-overload]
        assert {id(pattern) for pattern in patterns} <= used, plugin


def test_nothing_is_logged_and_no_setting_of_the_library_changes(
    caplog: pytest.LogCaptureFixture,
) -> None:
    before = get_settings().json()
    with caplog.at_level(logging.DEBUG):
        redact(KEY + "".join(SECRETS["password"]))
    assert caplog.records == []
    assert get_settings().json() == before


def test_a_very_long_line_is_read_once() -> None:
    line = 'password="' + "a1" * 50_000 + '", ' + "key = secret_pwd; " * 5_000
    assert redact(line).count("secret_pwd") == 5_000


def test_this_projects_own_code_stays() -> None:
    package = Path(__file__).parents[2] / "codegen_lsp"
    for path in package.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert redact(text, path.name) == text, path
