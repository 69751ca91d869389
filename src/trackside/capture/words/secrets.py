"""Likely secrets, told by the name they go by or by their shape; they never reach the journal."""

from __future__ import annotations

import re

REDACTED = "<redacted>"

_SECRET_NAME = re.compile(
    r"""pass(?:word|wd|phrase)$ | (?:^|_)pwd$ | secret | credential
      | (?:api|access|private|auth|account|signing|encryption)_?key
      | (?<!pad_)(?<!bos_)(?<!eos_)(?<!sep_)(?<!cls_)(?<!unk_)(?<!mask_)(?<!stop_)(?<!start_)(?<!end_)(?<!image_)
        (?<![a-z])token$""",
    re.IGNORECASE | re.VERBOSE,
)

_SHAPES = re.compile(
    r"""
      \b(?:AKIA|ASIA)[0-9A-Z]{16}\b                                # AWS
    | \bgh[oprsu]_[A-Za-z0-9]{30,}\b | \bgithub_pat_\w{30,}\b      # GitHub
    | \bglpat-[\w-]{20,}                                           # GitLab
    | \bsk-[A-Za-z0-9_-]{20,} | \bhf_[A-Za-z0-9]{30,}\b            # OpenAI and others; Hugging Face
    | \bxox[abeprs]-[\w-]{10,}                                     # Slack
    | \bAIza[\w-]{35}                                              # Google
    | \beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{5,}                       # JSON web tokens
    | -----BEGIN[ A-Z]*PRIVATE[ ]KEY-----.*?(?:-----END[ A-Z]*PRIVATE[ ]KEY-----|\Z)
    | (?<=://)[^\s/:@]+:[^\s/@]+(?=@)                              # user:password@ of an address
    """,
    re.VERBOSE | re.DOTALL,
)

_NAMED_TEXT = re.compile(
    r"""(?<!\w)(?P<name>\w++) (?P<between> ["']? \s* \]? \s* (?: : \s* \w+ \s* )? [=:,]{1,2} \s* [rbuf]{0,2} )
        (?P<quote>["']) [^"'\n]+ (?P=quote)""",
    re.IGNORECASE | re.VERBOSE,
)
"""A text under a name: ``name = "…"``, ``name: str = "…"``, ``{"name": "…"}``, ``environ["name"] = "…"``."""


def is_secret_name(name: str) -> bool:
    """Tell whether a name promises a secret: ``api_key`` does, ``max_tokens`` and ``tokenizer`` do not.

    Examples
    --------
    >>> is_secret_name("OPENAI_API_KEY"), is_secret_name("pad_token")
    (True, False)
    """
    return _SECRET_NAME.search(name) is not None


def redact(text: str) -> str:
    """Return ``text`` with everything that has a secret's shape replaced.

    Examples
    --------
    >>> redact("postgres://ada:pa55@host/db")
    'postgres://<redacted>@host/db'
    """
    return _SHAPES.sub(REDACTED, text)


def redact_named(name: str, text: str) -> str:
    """Return a text that goes by a name, redacted: all of it where the name promises a secret.

    Examples
    --------
    >>> redact_named("token", "abc"), redact_named("stage", "dev")
    ('<redacted>', 'dev')
    """
    return REDACTED if is_secret_name(name) else redact(text)


def redact_source(source: str) -> str:
    """Return Python source with the texts that stand under a secret's name, or look like a secret, replaced.

    Examples
    --------
    >>> redact_source('password = "pa55"')
    'password = "<redacted>"'
    """
    return redact(_NAMED_TEXT.sub(_redact_named, source))


def _redact_named(found: re.Match[str]) -> str:
    if not is_secret_name(found["name"]):
        return found[0]
    return f"{found['name']}{found['between']}{found['quote']}{REDACTED}{found['quote']}"
