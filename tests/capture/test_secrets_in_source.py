from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackside.capture.words.secrets import REDACTED, count_redacted, redact, redact_source

LEAKING = r'''%env WANDB_API_KEY=0123abc
%env TOKEN abc
%set_env TOKEN abc
%%track
%env TOKEN=abc
---
!export DB_PASSWORD=hunter2abc
---
password = "it's abc"
---
token = """abc"""
---
api_key = (
 "abc")
---
api_key: str | None = "abc"
---
wandb.login(key="0123456789abcdef0123456789abcdef01234567")
---
wandb.login("abcabcabcabcabcabc12")
---
h = {"Authorization": "Bearer abc"}
---
h = {"Authorization": f"Bearer abc{x}"}
---
c = "Server=x;Password=abc;"
---
token = "a" + 'abc'
---
token = os.getenv("HF", "abc")
---
def f(password="abc"): pass
---
user, password = "ada", "abc"
---
os.environ["X_TOKEN"] = "abc"
os.environ.setdefault("API_KEY", "abc")
setattr(cfg, "password", "abc")
---
cfg.password = b"abc"
---
secrets = {"a": {"b": "abc"}}
---
auth = ("ada", "abc")
---
requests.get(u, auth=("ada", "abc"))
---
SecretStr("abc")
---
!curl -u ada:abc http://x
---
!train.py --api-key abc --x 3
---
x = !train.py --password 'abc'
---
subprocess.run(["x", "--password", "abc"])
---
%%bash
export TOKEN=abc
curl -H "Authorization: Bearer abc"
---
# password: abc
x = 1
---
token = (
    "abc"
    "def"
)
---
if password == "abc": pass
---
x = f"postgres://u:abc@h/d"
---
x = "AccountName=z;AccountKey=abc==;"
---
parser.add_argument("--api-key", default="abc")
---
password = 'x' if a else "abc"
---
this is not python
password = "abc"
token = """abc"""
api_key = (
 "abc")
api_key: str | None = "abc"
{"secret": 'it\'s abc'}
login(password=r"abc")
---
password = 12345abc
---
s = '{"api_key": "abc"}'
---
s = "{\"api_key\": \"abc\"}"
---
apiKey = "abc"
---
from os import environ
environ.update(HF_TOKEN="abc")
---
if (token := "abc"): pass
---
password += "abc"
---
my.config.set("database", "password", "abc")
---
@dataclass
class A:
    password: str = field(default="abc")
---
match x:
    case 1:
        token = "abc"
---
DB_PASS = "abc"
---
KAGGLE_KEY = "abc"
---
opts = dict(api_key="abc")
---
async def f():
    token = await g("abc")
---
conn = psycopg.connect("host=h user=u password=abc dbname=d")
---
%sql postgresql://ada:abc@h/d
---
spark.conf.set("fs.s3a.secret.key", "abc")
---
password = f"""abc
{x}
"""
'''
"""Cells; every one has a secret in it with ``abc`` in its text, and nothing else that has."""

HARMLESS = r'''max_tokens=512
tokenizer="bert"
tok = AutoTokenizer.from_pretrained("bert-base", pad_token="[PAD]")
df.sort_values(key="accuracy")
sorted(x, key=lambda r: r["accuracy"])
sort key: name
token = os.environ["HF_TOKEN"]
token = os.getenv("HF_TOKEN")
password = getpass("Password: ")
password = input("Your password, please: ")
api_key = config["openai"]["key"]
api_key = userdata.get("OPENAI_API_KEY")
login(token=tok)
h = {"Authorization": f"Bearer {token}"}
h = {"Authorization": "Bearer " + token}
conn = f"postgres://{user}:{password}@host/db"
conn = f"host=h password={password}"
!curl -H "Authorization: Bearer $TOKEN" http://x
%env CUDA_VISIBLE_DEVICES=0,1
%env TOKEN $TOKEN
tokens = ["the", "cat"]
df = df[["token", "label"]]
if token == "<eos>": pass
for token in doc: print(token.text, "noun")
x = {"token": word}
cls_token = "abc"
special_tokens={"cls_token": "[CLS]", "unk_token": "[UNK]"}
secretary = "Ann"
author = "Ann"
commit = "0123456789abcdef0123456789abcdef01234567"
cache_key = "train"
primary_key = "id"
model = "task-oriented-dialogue-risk-model-averaging"
a = "sk-learn-compatible-estimators-of-trees"
url = "https://example.com:8080/path?x=1&key=7"
url = "http://localhost:8888/lab"
password = None
password = ""
TOKEN_LIMIT = 5
num_auth_attempts = 3
print("password:", "ok" if good else "bad")
print("Enter a token: ")
"""Bearer of bad news. bearer of"""
query = "SELECT password FROM users WHERE token = ?"
query = "UPDATE users SET password = %s"
key = "0123"
foo(key="name", token_type="word")
TfidfVectorizer(token_pattern=r"(?u)\b\w+\b")
os.environ["TOKENIZERS_PARALLELISM"] = "false"
def f(token: str, password: str | None = None) -> str: ...
token: "str | None"
password: SecretStr
x = 5 % 3
time = "12:30:45"
nn.TransformerEncoder(d_model=512, key_padding_mask=None)
KeyError: 'accuracy'
ssh_key_path = None
keys = ["loss", "acc"]
key_metric = "val_loss"
'''
"""Lines of cells with no secret, though they have the words."""

PRINTED = r"""epoch 1: loss=0.25 accuracy=0.9 max_tokens=512
Token: hello
token: the
num_tokens: 512 tokens=17
sort key: name
Enter password:
Downloading: 100%|████| 5/5 [00:00<00:00, 12.3it/s]
GPTConfig(n_embd=768, pad_token='[PAD]', tokenizer='bert')
Pipeline(steps=[('scaler', StandardScaler()), ('svc', SVC(C=10))])
2026-11-28 08:00:22 INFO http://localhost:8888/?x=1
sha256: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
key: accuracy
"""
"""Lines that cells print."""


@pytest.mark.parametrize("cell", LEAKING.split("\n---\n"))
def test_no_secret_is_left_in_a_cell(cell: str) -> None:
    kept = redact_source(cell)
    assert "abc" not in kept
    assert REDACTED in kept
    assert len(kept.splitlines()) == len(cell.splitlines())
    assert redact_source(kept) == kept


@pytest.mark.parametrize("line", HARMLESS.splitlines())
def test_what_only_has_the_words_stays(line: str) -> None:
    assert redact_source(line) == line


@pytest.mark.parametrize("line", PRINTED.splitlines())
def test_what_cells_print_stays(line: str) -> None:
    assert redact(line) == line


def test_python_stays_python() -> None:
    cell = 'token = (\n    "abc"  # mine\n    "def")\nx = {"api_key": f"{token}/abc"}\nn = 3\n'
    assert ast.dump(ast.parse(redact_source(cell))).count(REDACTED) == 2


NAMES = st.sampled_from(["password", "API_KEY", "client.secret", 'os.environ["HF_TOKEN"]', "accessToken"])
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=3).filter(str.isalnum)
IDENTIFIERS = st.from_regex(r"(?:n|x|lr|layers|model|text|label)_[qvz]{1,4}", fullmatch=True)  # as in no secret's name


@given(
    NAMES, TEXTS, st.sampled_from(["{} = {!r}", "{} = f({!r})", "print(1); {} = 'a' + {!r}", "x = 1\n\n{} = [{!r}]"])
)
def test_any_text_under_a_secrets_name_is_left_out(name: str, text: str, form: str) -> None:
    code = form.format(name, f"Zq{text}")
    kept = redact_source(code)
    assert f"Zq{text}" not in kept
    assert count_redacted(kept, code) >= 1


@given(st.dictionaries(IDENTIFIERS, st.integers() | st.floats() | st.text("abc xyz", max_size=12), max_size=5))
def test_code_without_secrets_stays(values: dict[str, object]) -> None:
    code = "".join(f"{name} = {value!r}\nf({name}={value!r})\n" for name, value in values.items())
    assert redact_source(code) == code


@given(
    st.text() | st.from_regex(r"(?:token|password|=|:|\"|'|\n|%env | |\(|#|-----BEGIN RSA PRIVATE KEY-----|://|@|\\)*")
)
def test_no_text_whatever_cannot_be_read(text: str) -> None:
    assert len(redact_source(text).split("\n")) == len(text.split("\n")) or "PRIVATE KEY" in text
    redact(text)


PIECES = """-eyJaaaaaaaaaaaa|eyJaaaaaaaaaa.aaaaaaaaaa.|token=|token="|token='\\|token=\"\"\"|-----BEGIN PRIVATE KEY-----
-----BEGIN A A |://|://a:a|Bearer |password |password: str |sk-|login(|token=\\"|[token] |AKIAABCDEFGHIJKLMNOP |a.
12345678:AA|#'"|-u a:|login a1 |SG.aaaaaaaaaaaaaaaaaaaaaaa.|a=b |a=|token:|password=a=|key=a|%env A |x"'|--a
password = 'abc'|a|token=&quot;|&quot;token&#39;:&#39;
tokens=[|passwords={|tokens=['a',|passwords: [a, |tokens=[passwords=(|{"auth_tokens":["
"""


@pytest.mark.timeout(60)
@pytest.mark.parametrize("piece", [piece for line in PIECES.splitlines() for piece in line.split("|")])
def test_a_megabyte_of_anything_is_read_in_time(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    redact(text)
    redact_source(text)
    redact_source(text[:90_000])
