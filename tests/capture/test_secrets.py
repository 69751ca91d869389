from __future__ import annotations

import enum
from typing import Any

import pytest

from trackside.capture.params.values import given_params
from trackside.capture.words.secrets import REDACTED, is_secret_name, redact, redact_source


class Token(enum.Enum):
    ADA = "abc"


class Client:
    def __repr__(self) -> str:
        return "Client(api_key='abc')"


NAMES = """password DB_PASSWORD api_key OPENAI_API_KEY apikey client_secret hf_token token pwd aws_secret_access_key
GITHUB_TOKEN credentials accessToken clientSecret x-api-key Authorization KAGGLE_KEY DB_PASS auth_tokens auth
fs.s3a.secret.key AccountKey password2 SharedAccessKey"""
OTHERS = (
    "max_tokens tokenizer pad_token eos_token n_tokens key keys monkey author passes lr cls_token next_token secretary"
)
OTHERS += " key_padding_mask primary_key tokens auth_method forward_pass unk_token num_tokens compass keyboard"


@pytest.mark.parametrize("name", NAMES.split())
def test_names_of_secrets(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("the password is hunter3-zebra, I think", "the password is <redacted>, I think"),
        ('the API_KEY is "blue horse"', 'the API_KEY is "<redacted>"'),
        ("the password is case-sensitive", "the password is case-sensitive"),
        ("if token is None or password is not x", "if token is None or password is not x"),
    ],
)
def test_a_secret_is_told_in_prose(text: str, kept: str) -> None:
    assert redact(text) == kept


@pytest.mark.parametrize(
    "source",
    [
        "mysecret = 'cell-secret-4242'",
        "d = {'password': ['cell-secret-4242']}",
        "%env DB_PASSWORD=cell-secret-4242",
        "login('cell-secret-4242')",
    ],
)
def test_what_went_by_a_secrets_name_is_left_out_wherever_it_stands_from_then_on(source: str) -> None:
    told = "it is cell-secret-4242."
    assert redact(told) == told
    redact_source(source)
    assert redact(told) == "it is <redacted>."
    assert redact_source("print('cell-secret-4242')") == "print('<redacted>')"


def test_a_param_with_a_secrets_name_is_left_out_wherever_it_stands() -> None:
    given_params({"client": {"password": "cell-secret-4242"}, "api_keys": ["other-key-4242"]})
    assert redact("cell-secret-4242 other-key-4242") == "<redacted> <redacted>"


@pytest.mark.parametrize("value", ["validation", "abc-123", "2024-01-01", "12345678", "OPENAI_API_KEY", "<your key>"])
def test_a_word_a_number_or_a_name_under_a_secrets_name_is_no_secret_elsewhere(value: str) -> None:
    redact_source(f"api_key = {value!r}")
    assert redact(f"it is {value}") == f"it is {value}"


def test_no_more_than_a_few_hundred_values_are_known() -> None:
    for number in range(1000):
        redact_source(f"api_key = 'key-number-{number:04}'")
    assert redact("key-number-0001") == "key-number-0001"
    assert redact("key-number-0999") == "<redacted>"


@pytest.mark.parametrize("name", OTHERS.split())
def test_names_that_only_look_so(name: str) -> None:
    assert not is_secret_name(name)


SHAPED = [
    "AKIA" + "ABCDEFGHIJKLMNOP",
    "ghp_" + "a" * 36,
    "github_pat_" + "a1" * 20,
    "glpat-" + "a1B2" * 5,
    "sk-" + "a1B2" * 8,
    "sk-proj-" + "a1_B-2" * 8,
    "sk_live_" + "a1B2" * 5,
    "hf_" + "a" * 34,
    "gsk_" + "a1B2" * 12,
    "wandb_v1_" + "a1B2" * 8,
    "npm_" + "a1B2" * 9,
    "pypi-" + "AgEIcHlwaS5vcmc" * 5,
    "dapi" + "0123456789abcdef" * 2,
    "nvapi-" + "a1B2" * 10,
    "xoxb-" + "1234567890-abc",
    "AIza" + "a1B2_" * 7,
    "ya29." + "a1B2" * 8,
    "GOCSPX-" + "a1B2" * 7,
    "SG." + "a1B2" * 5 + "." + "a1B2" * 10,
    "123456789:AA" + "a1B" * 11,
    "eyJhbGciOiJIUzI1" + ".eyJzdWIiOiIxMjM0" + ".SflKxwRJSMeKKF2QT4",
    "Bearer " + "abcdefgh",
    "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----",
    "-----BEGIN OPENSSH PRIVATE KEY-----\nab+/c==\n-----END OPENSSH PRIVATE KEY-----",
    "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nabc\n-----END PGP PRIVATE KEY BLOCK-----",
    "-----BEGIN PRIVATE KEY-----\\nMIIabc\\nabc\\n",
]


@pytest.mark.parametrize("secret", SHAPED)
def test_shapes_of_secrets(secret: str) -> None:
    assert redact(f"x = '{secret}' # use") == f"x = '{REDACTED}' # use"


OPAQUE = "8f14e45fceea167a5a36"
HEX = "0123456789abcdef" * 2 + "01234567"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("postgresql://ada:pa55@db/x", f"postgresql://{REDACTED}@db/x"),
        ("redis://:p@ss@db", f"redis://{REDACTED}@db"),
        ("https://0123456789abcdef0123@host/x", f"https://{REDACTED}@host/x"),
        ("Server=x;Password=hunter2;Encrypt=yes", f"Server=x;Password={REDACTED};Encrypt=yes"),
        ("host=h password=hunter2 dbname=d", f"host=h password={REDACTED} dbname=d"),
        ("Authorization: Bearer abc", f"Authorization: {REDACTED}"),
        ("https://x.blob/y?sv=1&sig=ab%2Fc&x=1", f"https://x.blob/y?sv=1&sig={REDACTED}&x=1"),
        ("https://x/y?token=abc&page=2", f"https://x/y?token={REDACTED}&page=2"),
        ("https://hooks.slack.com/services/T0/B0/abc", f"https://hooks.slack.com/services/{REDACTED}"),
        ("AccountName=a;AccountKey=abc==;", f"AccountName=a;AccountKey={REDACTED};"),
        ("Client(api_key='abc', n=3)", f"Client(api_key='{REDACTED}', n=3)"),
        ('{"private_key_id": "abc", "n": 1}', f'{{"private_key_id": "{REDACTED}", "n": 1}}'),
        (r'"{\"api_key\": \"abc\"}"', rf'"{{\"api_key\": \"{REDACTED}\"}}"'),
        (f"machine api.wandb.ai login user password {HEX}", f"machine api.wandb.ai login user password {REDACTED}"),
        ("aws_secret_access_key = ab/c+d", f"aws_secret_access_key = {REDACTED}"),
        (f"wandb.login('{HEX}')", f"wandb.login('{REDACTED}')"),
        (f"commit {HEX}", f"commit {HEX}"),
        (
            "{&quot;password&quot;: &quot;hunt&amp;er2&quot;, &quot;n&quot;: &quot;1&quot;}",
            f"{{&quot;password&quot;: &quot;{REDACTED}&quot;, &quot;n&quot;: &quot;1&quot;}}",
        ),
        ("{&#39;api_key&#39;: &#39;a&quot;b&#39;}", f"{{&#39;api_key&#39;: &#39;{REDACTED}&#39;}}"),
        ("<p data-x='password=&quot;abc&quot;'>", f"<p data-x='password=&quot;{REDACTED}&quot;'>"),
        ("{&quot;password&quot;: 12345}", f"{{&quot;password&quot;: {REDACTED}}}"),
        (
            "token=&quot;&quot;, &quot;max_tokens&quot;: &quot;9&quot;",
            "token=&quot;&quot;, &quot;max_tokens&quot;: &quot;9&quot;",
        ),
        ("password: 12345", f"password: {REDACTED}"),
        ("password=None, token=False, secret=", "password=None, token=False, secret="),
        ('{"auth_tokens": ["x", "y"], "n": ["z"]}', f'{{"auth_tokens": ["{REDACTED}", "{REDACTED}"], "n": ["z"]}}'),
        ("passwords = ['a', b'b'] # c", f"passwords = ['{REDACTED}', b'{REDACTED}'] # c"),
        ("api_keys=('a', {'b'}), c='d'", f"api_keys=('{REDACTED}', {{'{REDACTED}'}}), c='d'"),
        (
            "secrets: {'user': 'a', \"of\": {\"b\": 'c'}}",
            f"secrets: {{'user': '{REDACTED}', \"of\": {{\"b\": '{REDACTED}'}}}}",
        ),
        (r'"{\"passwords\": [\"abc\"]}"', rf'"{{\"passwords\": [\"{REDACTED}\"]}}"'),
        ("{&quot;passwords&quot;: [&quot;abc&quot;]}", f"{{&quot;passwords&quot;: [&quot;{REDACTED}&quot;]}}"),
        ("passwords: [hunter2, abc]", f"passwords: [{REDACTED}, {REDACTED}]"),
        ("passwords:\n  - hunter2\n  - 'a b'\nhost: x", f"passwords:\n  - {REDACTED}\n  - '{REDACTED}'\nhost: x"),
        (f"tokens = ['{OPAQUE}', 'cat']", f"tokens = ['{REDACTED}', 'cat']"),
        (
            f"tokens = ['cat', {{'passwords': ['{OPAQUE}', 'b']}}]",
            f"tokens = ['cat', {{'passwords': ['{REDACTED}', '{REDACTED}']}}]",
        ),
    ],
)
def test_secrets_within_texts(text: str, kept: str) -> None:
    assert redact(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "max_tokens=512",
        "tokens = ['the', 'cat']",
        '{"token": ["the", "cat"], "n_tokens": [1, 2]}',
        "tokenizer = ['a', 'b']",
        "passwords: [list of passwords]",
        "passwords: list[str]",
        "passwords = []",
        "tokens:\n- the\n- cat",
        "input_tokens: ['internationalization', '<|endoftext|>']",
    ],
)
def test_words_in_texts_are_no_secrets(text: str) -> None:
    assert redact(text) == text
    assert redact_source(text) == text


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ({"clients": [{"api_key": "pa55", "region": "eu"}]}, {"clients": [{"api_key": REDACTED, "region": "eu"}]}),
        ({"conn": "Server=x;Password=hunter2"}, {"conn": f"Server=x;Password={REDACTED}"}),
        ({"headers": {"Authorization": "Bearer x"}}, {"headers.Authorization": REDACTED}),
        ({"kw": {"api_key": ["k1secret"]}}, {"kw.api_key": REDACTED}),
        ({"secrets": {"a": "b"}}, {"secrets.a": REDACTED}),
        ({"argv": ["--password", "x", "--n", "3"]}, {"argv": ["--password", REDACTED, "--n", "3"]}),
        ({"password": 12345}, {"password": REDACTED}),
        ({"AKIAABCDEFGHIJKLMNOP": 1}, {REDACTED: 1}),
        ({"token": Token.ADA}, {"token": REDACTED}),
        ({"client": Client()}, {"client": f"Client(api_key='{REDACTED}')"}),
        ({"max_tokens": 512, "pad_token": "[PAD]"}, {"max_tokens": 512, "pad_token": "[PAD]"}),
        ({"token": None, "use_auth": True}, {"token": None, "use_auth": True}),
        ({"passwords": ("a", "b")}, {"passwords": REDACTED}),
        ({"tokens": ["the", "cat"], "token": ["a"]}, {"tokens": ["the", "cat"], "token": ["a"]}),
        ({"tokens": ["the", OPAQUE]}, {"tokens": REDACTED}),
        ({"x": [{"tokens": {OPAQUE}}, {"max_tokens": [512]}]}, {"x": [{"tokens": REDACTED}, {"max_tokens": [512]}]}),
    ],
)
def test_secrets_within_params(value: dict[str, Any], kept: dict[str, Any]) -> None:
    assert {param.key: param.value for param in given_params(value)} == kept


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ('password = "pa55"', 'password = "<redacted>"'),
        ("password: str = 'pa55'", "password: str = '<redacted>'"),
        ('db_password: "pa55"\nport: "80"', 'db_password: "<redacted>"\nport: "80"'),
        ("db_password: 12345", 'db_password: "<redacted>"'),
        ('login(token="abc", name="x")', 'login(token="<redacted>", name="x")'),
        ('{"api_key": "abc"}', '{"api_key": "<redacted>"}'),
        ('os.environ["HF_TOKEN"] = "abc"', 'os.environ["HF_TOKEN"] = "<redacted>"'),
        ('pad_token = "[PAD]"', 'pad_token = "[PAD]"'),
        ("lr = 1e-3  # password is elsewhere", "lr = 1e-3  # password is elsewhere"),
        ("passwords = ['a', ('b',)]", "passwords = ['<redacted>', ('<redacted>',)]"),
        (f"tokens = ['{OPAQUE}', 'cat']", "tokens = ['<redacted>', 'cat']"),
        (f"f(tokens={{'{OPAQUE}': 'a', 'b': 'c{OPAQUE}'}})", f"f(tokens={{'{OPAQUE}': 'a', 'b': '<redacted>'}})"),
        ("x = 1  # auth_tokens: ['a']", "x = 1  # auth_tokens: ['<redacted>']"),
    ],
)
def test_source_is_kept_but_for_its_secrets(source: str, kept: str) -> None:
    assert redact_source(source) == kept
