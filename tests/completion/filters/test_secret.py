"""No keys in suggestions; `|` is the cursor. The keys were made up."""

import pytest

from codegen_lsp.completion.filters.candidate import Candidate
from codegen_lsp.completion.filters.secret import secret
from codegen_lsp.completion.reasons import Reason

AWS = "AKIA" + "Q3EGRIUZ6DHVZX4T"
GITHUB = "ghp_" + "x9Jk2LmN4pQr6StU8vWy0ZaB1cDe3FgH5iJk"
STRIPE = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc"
SLACK = "xoxb-" + "263594206564-2343594206574-FGqddMF8t08v8N7Oq4i57vs1"
GOOGLE = "AIza" + "SyB8x1Qe7Rt2Yu9Io3Pa5Sd6Fg4Hj0Kl-Zx"


def judge(language: str, document: str, text: str) -> str | Reason:
    prefix, _, suffix = document.partition("|")
    return secret(Candidate(language, prefix, text, suffix, "line"))


@pytest.mark.parametrize(
    ("language", "document", "text"),
    [
        ("python", "AWS_KEY = |\n", f'"{AWS}"'),
        ("python", f'AWS_KEY = "{AWS[:6]}|"\n', AWS[6:]),
        ("typescript", "const token = |;\n", f"'{GITHUB}'"),
        ("go", "\tstripe.Key = |\n", f'"{STRIPE}"'),
        ("ruby", "Slack.configure { |c| c.token = |}\n".replace("|c|", "_1"), f'"{SLACK}"'),
        ("java", "String key = |;\n", f'"{GOOGLE}"'),
        ("python", "password = |\n", '"k3Xw9!pQz7"'),
        ("yaml", "db:\n  password: |\n", "k3Xw9pQz7vL"),
        ("shellscript", "curl -H |\n", f'"Authorization: Bearer {GITHUB}"'),
        ("c", "const char *url = |;\n", '"postgres://app:x8Kq2mZw9rT@db.example.org/app"'),
        ("rust", f'let old = "{GITHUB}";\nlet new = |;\n', f'"{GITHUB}"'),
        ("javascript", "module.exports = {\n  |\n};\n", f"a: 1,\n  key: '{STRIPE}',\n  b: 2,"),
    ],
)
def test_a_key_is_never_suggested(language: str, document: str, text: str) -> None:
    assert judge(language, document, text) is Reason.SECRET


@pytest.mark.parametrize(
    ("language", "document", "text"),
    [
        ("python", "password = |\n", 'os.environ["DB_PASSWORD"]'),
        ("python", "api_key = |\n", '"your-api-key"'),
        ("typescript", "const token = |;\n", "process.env.TOKEN"),
        ("go", "\tsecret := |\n", 'os.Getenv("SECRET")'),
        ("java", "String field = |;\n", '"user_password_field"'),
        ("python", "commit = |\n", '"3f786850e387550fdab836ed7e6dc881de23001b"'),
        ("javascript", "integrity: |,\n", '"sha512-9Vc2tG6hQk0S1mZ8dX4rB7nY3wE5uJ1oL2pK6fA8gD0="'),
        ("rust", "let id = |;\n", '"123e4567-e89b-12d3-a456-426614174000"'),
        ("yaml", "password: |\n", "${DB_PASSWORD}"),
        ("python", f'KEY = "{AWS}"\n|\n', "client = connect(KEY)"),
        ("python", f'f("{AWS}", |)\n', "region"),
        ("python", "print('|", "שלום')"),
        ("c", "|", ""),
    ],
)
def test_what_only_speaks_of_keys_stays(language: str, document: str, text: str) -> None:
    assert judge(language, document, text) == text
