"""What secrets look like: the patterns of detect-secrets, and a few that it lacks.

Its plugins are used for their patterns and checks alone, in this process: no settings, no baseline,
no network. Each detector names words of which a line must hold one, in lower case, so that most
lines are never looked at closely.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from detect_secrets.plugins.artifactory import ArtifactoryDetector
from detect_secrets.plugins.aws import AWSKeyDetector
from detect_secrets.plugins.azure_storage_key import AzureStorageKeyDetector
from detect_secrets.plugins.base import RegexBasedDetector
from detect_secrets.plugins.basic_auth import BasicAuthDetector
from detect_secrets.plugins.cloudant import CloudantDetector
from detect_secrets.plugins.discord import DiscordBotTokenDetector
from detect_secrets.plugins.github_token import GitHubTokenDetector
from detect_secrets.plugins.gitlab_token import GitLabTokenDetector
from detect_secrets.plugins.high_entropy_strings import (
    Base64HighEntropyString,
    HexHighEntropyString,
)
from detect_secrets.plugins.ibm_cloud_iam import IbmCloudIamDetector
from detect_secrets.plugins.ibm_cos_hmac import IbmCosHmacDetector
from detect_secrets.plugins.jwt import JwtTokenDetector
from detect_secrets.plugins.keyword import (
    CONFIG_DENYLIST_REGEX_TO_GROUP,
    QUOTES_REQUIRED_DENYLIST_REGEX_TO_GROUP,
)
from detect_secrets.plugins.mailchimp import MailchimpDetector
from detect_secrets.plugins.npm import NpmDetector
from detect_secrets.plugins.openai import OpenAIDetector
from detect_secrets.plugins.pypi_token import PypiTokenDetector
from detect_secrets.plugins.sendgrid import SendGridDetector
from detect_secrets.plugins.slack import SlackDetector
from detect_secrets.plugins.softlayer import SoftlayerDetector
from detect_secrets.plugins.square_oauth import SquareOAuthDetector
from detect_secrets.plugins.stripe import StripeDetector
from detect_secrets.plugins.telegram_token import TelegramBotTokenDetector
from detect_secrets.plugins.twilio import TwilioKeyDetector

from codegen_lsp.context.plausible import is_password, is_random, is_secret_of_url


def _always(secret: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Detector:
    """One kind of secret.

    Attributes:
        pattern: finds it in one line.
        words: one of them is in the line wherever the pattern matches, letter case aside; empty
            where no word would leave out much.
        group: what of the match is the secret; 0 for all of it.
        accepts: whether a text that the pattern found is taken for a secret.
    """

    pattern: re.Pattern[str]
    words: tuple[str, ...]
    group: int = 0
    accepts: Callable[[str], bool] = _always


def _of(
    plugin: type[RegexBasedDetector],
    *words: str,
    group: int = 0,
    accepts: Callable[[str], bool] = _always,
) -> list[Detector]:
    patterns: Iterable[re.Pattern[str]] = plugin.denylist  # type: ignore[assignment]
    return [Detector(pattern, words, min(group, pattern.groups), accepts) for pattern in patterns]


def _ours(pattern: str, *words: str, group: int = 0) -> Detector:
    return Detector(re.compile(pattern), words, group, is_random if group else _always)


_KEY_WORDS = ("key", "pwd", "pw", "pass", "token")

TOKENS = (
    # What has a prefix of its own.
    *_of(AWSKeyDetector, "a3t", "abia", "acca", "akia", "asia", "aws", group=1),
    *_of(AzureStorageKeyDetector, "accountkey="),
    *_of(DiscordBotTokenDetector),
    *_of(GitHubTokenDetector, "ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
    *_of(GitLabTokenDetector, "gl", "gr1348941"),
    *_of(JwtTokenDetector, "eyj", accepts=JwtTokenDetector.is_formally_valid),
    *_of(MailchimpDetector, "-us"),
    *_of(NpmDetector, "_authtoken", group=1),
    *_of(OpenAIDetector, "t3blbkfj"),
    *_of(PypiTokenDetector, "pypi-ag"),
    *_of(SendGridDetector, "sg."),
    *_of(SlackDetector, "xox", "hooks.slack.com"),
    *_of(SquareOAuthDetector, "sq0csp-"),
    *_of(StripeDetector, "k_live_"),
    *_of(TelegramBotTokenDetector),
    *_of(TwilioKeyDetector, accepts=is_random),
    # What is told by the name before it.
    *_of(ArtifactoryDetector, "akc", "ap", accepts=is_random),
    *_of(BasicAuthDetector, "://", group=1, accepts=is_secret_of_url),
    *_of(CloudantDetector, "cl", group=1, accepts=is_random),
    *_of(IbmCloudIamDetector, *_KEY_WORDS, group=1, accepts=is_random),
    *_of(IbmCosHmacDetector, "key", group=1, accepts=is_random),
    *_of(SoftlayerDetector, "softlayer", "sl", group=1, accepts=is_random),
    # What detect-secrets 1.5 does not know; forms as in the gitleaks rules (github.com/gitleaks).
    _ours(r"\bgithub_pat_\w{22,}", "github_pat_"),
    _ours(r"\bAIza[\w-]{35}", "aiza"),
    _ours(r"\bGOCSPX-[\w-]{28}", "gocspx-"),
    _ours(r"\bhf_[A-Za-z]{34}\b", "hf_"),
    _ours(r"\bnpm_[A-Za-z0-9]{36}", "npm_"),
    _ours(r"\bsk-(?:ant|proj|svcacct)-[\w-]{32,}", "sk-"),
    _ours(r"\b(?:sk|rk)_test_[0-9a-zA-Z]{24,}", "k_test_"),
    _ours(r"\bwhsec_[A-Za-z0-9+/=]{32,}", "whsec_"),
    _ours(r"\bxapp-\d-[A-Z0-9]+-\d+-[a-z0-9]{32,}", "xapp-"),
    _ours(r"\bdop_v1_[a-f0-9]{64}", "dop_v1_"),
    _ours(r"\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}", "shp"),
    _ours(r"(?i:\bbearer|\bbasic)\s+([\w.~+/=-]{20,})", "bearer", "basic", group=1),
)

# A name such as password or api_key, and what is assigned to it.
KEYWORD = re.compile(
    r"api_?key|auth_?key|service_?key|account_?key|db_?key|database_?key|priv_?key|private_?key"
    r"|client_?key|db_?pass|database_?pass|key_?pass|passw|pwd|secret|contrase"
    r"|(?:access|api|auth|bot|refresh)_?token",
    re.IGNORECASE,
)

_NAME = rf"(?i:{KEYWORD.pattern})\w*"
_STRING = (  # without a field that is put in
    r"[brfuBRFU@]{0,2}(?P<quote>\"{3}|'{3}|[\"'`])(?P<value>(?:[^\n\"'`{]|\{(?![\w.]+[}:!]))+)(?P=quote)"
)
# What detect-secrets does not know, or only by a file's ending: a type between a name and its
# value, `:=`, what is taken where a setting is missing, quotes other than plain ones, `#define`.
_TYPED = r"[\"'\]]{0,2}[ \t]*(?::[ \t]*[^\n:=\"'`]{1,40})?(?::?=>?|,)[ \t]*"
_OTHERWISE = r"(?:[^\n\"'`]{0,60}?(?:\|\||\?\?|\bor\b)[ \t]*)?"
_OURS_QUOTED = (
    re.compile(f"{_NAME}{_TYPED}{_OTHERWISE}{_STRING}"),
    re.compile(rf"#[ \t]*define[ \t]+\w*{_NAME}[ \t]+{_STRING}"),
    re.compile(r"(?i:\bpassword|\bpwd)=(?P<value>[^\s\"'`;{}$%]+)(?=;)"),  # of a connection
)
_OURS_SHELL = (re.compile(rf"(?<![-$\w])\w*{_NAME}=(?P<value>[^\s\"'`$;&|()<>]+)"),)


def _assignments(patterns: dict[re.Pattern[str], int]) -> tuple[Detector, ...]:
    return tuple(Detector(pattern, (), group, is_password) for pattern, group in patterns.items())


def _values(*patterns: re.Pattern[str]) -> tuple[Detector, ...]:
    return _assignments({pattern: pattern.groupindex["value"] for pattern in patterns})


QUOTED_ASSIGNMENTS = (
    *_assignments(QUOTES_REQUIRED_DENYLIST_REGEX_TO_GROUP),
    *_values(*_OURS_QUOTED),
)
# In files such as YAML, where values need no quotes.
PLAIN_ASSIGNMENTS = _assignments(CONFIG_DENYLIST_REGEX_TO_GROUP)
SHELL_ASSIGNMENTS = _values(*_OURS_SHELL)

BASE64 = Base64HighEntropyString()
HEX = HexHighEntropyString()
