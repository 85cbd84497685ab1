"""The files that hold secrets, by name: never read, whatever asks.

The list is meant to be precise: an ordinary config.json or settings.json is not on it, since what
is refused here is missing in every prompt. The README's table is made from it.
"""

import re
from collections.abc import Iterable

# Patterns of names, or of a name in a folder; `*` stands for anything but "/". Letter case is
# ignored, since file systems differ in it.
DENIED = {
    "environment files": (".env", ".env.*", "*.env", ".envrc"),
    "private keys and certificates": (
        *("*.pem", "*.key", "*.p8", "*.p12", "*.pfx", "*.pkcs12", "*.jks", "*.keystore", "*.ppk"),
        *("*.crt", "*.cer", "*.der", "*.gpg", "*.pgp", "*.snk", "*.ovpn", "*.mobileprovision"),
        *("id_rsa", "id_dsa", "id_ecdsa", "id_ecdsa_sk", "id_ed25519", "id_ed25519_sk"),
        *("*_rsa", "*_dsa", "*_ecdsa", "*_ed25519", "ssh_host_*_key"),
    ),
    "credentials of tools": (
        *(".netrc", "_netrc", ".pgpass", "pgpass.conf", ".my.cnf", ".mylogin.cnf", ".htpasswd"),
        *(".npmrc", ".pypirc", ".git-credentials", "git/credentials", "gh/hosts.yml"),
        *(".cargo/credentials", ".cargo/credentials.toml", ".gem/credentials"),
        *(".m2/settings.xml", ".composer/auth.json", ".dockercfg", ".dockerconfigjson"),
        *(".docker/config.json", ".kube/config", "kubeconfig", "*.kubeconfig"),
        *(".s3cfg", ".boto", ".vault-token", ".vault_pass", "sftp-config.json"),
    ),
    "credentials of clouds": (
        *(".aws/credentials", ".aws/config", ".azure/accesstokens.json"),
        *(".azure/msal_token_cache.json", "gcloud/credentials.db"),
        *("application_default_credentials.json", "client_secret*.json"),
        *("service-account*.json", "service_account*.json", "credentials.json"),
        *("credentials.tfrc.json", ".terraformrc", "terraform.rc"),
        *("*.tfstate", "*.tfstate.*", "*.tfvars", "*.tfvars.json"),
    ),
    "files of secrets": (
        *("secrets.yml", "secrets.yaml", "secrets.json", "secrets.toml", "secrets.ini"),
        *("secret.yml", "secret.yaml", "secret.json", "secret.toml", ".secrets"),
        *("credentials.yml", "credentials.yaml", "credentials.toml", "credentials.ini"),
    ),
    "password stores": (
        *("*.kdbx", "*.kdb", "*.psafe3", "*.1pif", "*.keychain", "*.keychain-db"),
        *("logins.json", "key3.db", "key4.db"),
    ),
    "histories of shells": (
        *(".bash_history", ".zsh_history", ".sh_history", "fish_history", ".python_history"),
        *(".psql_history", ".mysql_history", ".sqlite_history", ".node_repl_history"),
    ),
}
# Templates without values, which the patterns above would catch.
ALLOWED = (
    *(".env.example", ".env.sample", ".env.template"),
    *(".env.*.example", ".env.*.sample", ".env.*.template"),
    *("example.env", "sample.env", "template.env"),
)
DENIED_FOLDERS = (".ssh", ".gnupg", ".password-store")


def name_matcher(patterns: Iterable[str]) -> re.Pattern[str]:
    """A pattern for `fullmatch` against "folder/name" in lower case."""
    whole: list[str] = []
    names: list[str] = []
    for pattern in patterns:
        part = re.escape(pattern).replace(r"\*", "[^/]*")
        (whole if "/" in pattern else names).append(part)
    return re.compile("|".join([f"[^/]*/(?:{'|'.join(names)})", *whole]))


_denied = name_matcher(pattern for patterns in DENIED.values() for pattern in patterns)
_allowed = name_matcher(ALLOWED)


def is_denied(folder: str, name: str) -> bool:
    """Whether a file called `name`, in a folder called `folder`, is on the list."""
    text = f"{folder}/{name}".lower()
    return bool(_denied.fullmatch(text)) and not _allowed.fullmatch(text)


def is_denied_folder(name: str) -> bool:
    """Whether nothing in a folder called `name` may be read."""
    return name.lower() in DENIED_FOLDERS


def readme_table() -> str:
    """Table in Markdown of all that is denied."""
    rows = ["| never read | |", "|---|---|"]
    rows += [f"| {category} | {_listed(patterns)} |" for category, patterns in DENIED.items()]
    rows += [f"| whole folders | {_listed(f'{name}/' for name in DENIED_FOLDERS)} |"]
    return "\n".join([*rows, f"| but these may be read | {_listed(ALLOWED)} |"])


def _listed(patterns: Iterable[str]) -> str:
    return ", ".join(f"`{pattern}`" for pattern in patterns)
