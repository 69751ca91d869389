"""Names that promise a secret."""

from __future__ import annotations

import re
from functools import lru_cache

_KEYS_OF = (
    "api access private auth account signing encryption decryption ssh subscription storage shared master license"
    " kaggle wandb openai anthropic azure aws gcp google hf comet neptune cohere mistral groq gemini"
).split()
_PASSES_OF = "db smtp ftp user admin root redis mysql pg postgres mail email ssh sudo proxy login auth".split()
_TOKENS_OF = "api access auth bearer refresh hf huggingface github gitlab slack bot session".split()
_TOKENS_OF_TEXT = (
    "pad bos eos sep cls unk mask stop start end image video audio next last first prev num n new max min sub class"
    " dist special oov word char target source query prompt input output decoder encoder tail head control blank"
).split()
"""What makes ``token`` a piece of text: ``pad_token``."""

_SECRET = re.compile(
    rf"""pass(?:word|wd|phrase|code)s?\d*$ | (?:^|_)(?:pwd|pw)\d*$ | (?:^|_)(?:{"|".join(_PASSES_OF)})_?pass$
      | secret(?!ar) | credential | (?:{"|".join(_KEYS_OF)})_?key
      | (?:^|_)(?:{"|".join(_TOKENS_OF)})_?tokens?$
      | ^(?:(?!(?:{"|".join(_TOKENS_OF_TEXT)})_)[a-z0-9]+_)*token_?\d*$
      | (?:^|_)(?:authorization|cookie|auth)$""",
    re.VERBOSE,
)
_TOKENS = re.compile(r"(?:^|_)tokens$|^token$")
_PASSWORD = re.compile(r"pass(?:word|wd|phrase|code)s?\d*$|(?:^|_)pwd\d*$")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@lru_cache(maxsize=4096)
def is_secret_name(name: str) -> bool:
    """Tell whether a name promises a secret: ``api_key`` does, ``max_tokens`` and ``tokenizer`` do not.

    Examples
    --------
    >>> is_secret_name("OPENAI_API_KEY"), is_secret_name("accessToken"), is_secret_name("pad_token")
    (True, True, False)
    """
    return _SECRET.search(_snake(name)) is not None


def is_password_name(name: str) -> bool:
    """Tell whether a name is that of a password, which is a secret even where it is a number."""
    return _PASSWORD.search(_snake(name)) is not None


def is_bare_token(name: str) -> bool:
    """Tell whether a name is just ``token``: in texts about language, it is mostly a word."""
    return name.lower() == "token"


def may_name_words(name: str) -> bool:
    """Tell whether a name is as well that of words as that of secrets, such as ``tokens``: the values tell which.

    Examples
    --------
    >>> may_name_words("tokens"), may_name_words("auth_tokens"), may_name_words("tokenizer")
    (True, False, False)
    """
    snake = _snake(name)
    return _TOKENS.search(snake) is not None and (snake == "token" or not is_secret_name(name))


def _snake(name: str) -> str:
    parts = _HUMP.sub("_", name[-200:]) if not name.isupper() else name[-200:]
    return parts.replace("-", "_").replace(".", "_").replace(" ", "_").lower().strip("_")
