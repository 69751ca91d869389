from __future__ import annotations

import pytest

from trackside.capture.params.values import simple_params
from trackside.capture.words.secrets import REDACTED, is_secret_name, redact, redact_source

NAMES = """password DB_PASSWORD api_key OPENAI_API_KEY apikey client_secret hf_token token pwd aws_secret_access_key
GITHUB_TOKEN credentials"""
OTHERS = "max_tokens tokenizer pad_token eos_token n_tokens key keys monkey author passes lr"


@pytest.mark.parametrize("name", NAMES.split())
def test_names_of_secrets(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize("name", OTHERS.split())
def test_names_that_only_look_so(name: str) -> None:
    assert not is_secret_name(name)


SHAPED = [
    "AKIA" + "ABCDEFGHIJKLMNOP",
    "ghp_" + "a" * 36,
    "sk-" + "a1B2" * 8,
    "hf_" + "a" * 34,
    "xoxb-" + "1234567890-abc",
    "eyJhbGciOiJIUzI1" + ".eyJzdWIiOiIxMjM0" + ".SflKxwRJSMeKKF2QT4",
    "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----",
]


@pytest.mark.parametrize("secret", SHAPED)
def test_shapes_of_secrets(secret: str) -> None:
    assert redact(f"x = '{secret}' # use") == f"x = '{REDACTED}' # use"


def test_secrets_within_containers() -> None:
    (param,) = simple_params("clients", [{"api_key": "pa55", "region": "eu"}], "given")
    assert param.value == [{"api_key": REDACTED, "region": "eu"}]


def test_passwords_in_addresses() -> None:
    assert redact("postgresql://ada:pa55@db/x") == f"postgresql://{REDACTED}@db/x"


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ('password = "pa55"', 'password = "<redacted>"'),
        ("password: str = 'pa55'", "password: str = '<redacted>'"),
        ('login(token="abc", name="x")', 'login(token="<redacted>", name="x")'),
        ('{"api_key": "abc"}', '{"api_key": "<redacted>"}'),
        ('os.environ["HF_TOKEN"] = "abc"', 'os.environ["HF_TOKEN"] = "<redacted>"'),
        ('pad_token = "[PAD]"', 'pad_token = "[PAD]"'),
        ("lr = 1e-3  # password is elsewhere", "lr = 1e-3  # password is elsewhere"),
    ],
)
def test_source_is_kept_but_for_its_secrets(source: str, kept: str) -> None:
    assert redact_source(source) == kept
