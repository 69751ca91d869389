"""Secrets in any text: by the shapes that issuers give them, and by the names that stand before them.

Both patterns go through a text once. What may be long is matched possessively or ends where the next candidate begins,
so that no text, however it was made, takes more than time in proportion to its length.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trackside.capture.words.secrets.known import find_known, remember
from trackside.capture.words.secrets.names import is_bare_token, is_password_name, is_secret_name, may_name_words
from trackside.quantities import spell_count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

REDACTED = "<redacted>"

_SHAPES = re.compile(
    r"""
      (?<!\w)(?:
        (?:AKIA|ASIA)[0-9A-Z]{16}\b (?:[\s"',:;=|]{1,8}[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=]))?  # AWS
      | gh[oprsu]_[A-Za-z0-9]{30,} | github_pat_\w{30,} | glpat-[\w-]{20,}
      | (?:sk|pk|rk)_(?:live|test)_\w{16,} | sk-(?=[A-Za-z_-]{0,40}\d)[\w-]{20,} | (?:hf|gsk|r8)_[A-Za-z0-9]{30,}
      | (?:wandb_v1|dop_v1|lsv2_(?:pt|sk))_\w{20,} | npm_[A-Za-z0-9]{36} | pypi-[\w-]{50,} | dapi[0-9a-f]{32}
      | (?:nvapi|xai|pplx|tvly|glsa|key)-(?=[A-Za-z_-]{0,40}\d)[\w-]{30,}
      | xox[abeprs]-[\w-]{10,} | xapp-[\w-]{20,}                   # Slack
      | AIza[\w-]{35} | ya29\.[\w-]{20,} | GOCSPX-[\w-]{20,}       # Google
      | SG\.[\w-]{16,64}\.[\w-]{16,64}                             # SendGrid
      | \d{8,10}:AA[\w-]{33}                                       # Telegram
      | (?<!-)eyJ[\w-]{10,}+\.[\w-]{10,}+\.[\w-]{5,}               # JSON web tokens
      )
    | -----BEGIN[ ](?:[A-Z0-9]+[ ])*?PRIVATE[ ]KEY(?:[ ]BLOCK)?-----
      (?: (?:[^-]|-(?!----BEGIN))*?-----END[ A-Z0-9]*+----- | [\s\w+/=\\]*+ )
    | (?<=://)(?: [^\s/:@?\#"'<>]*+:(?!\$?\{[^{}\s]{0,99}\}@|\$\w+@|%s@)[^\s/?\#"'<>]+(?=@)   # user:password@
      | [^\s/:@?\#"'<>]{20,}+(?=@) )
    | (?<=[?&]sig=)[^&\s"'<>]+ | (?<=[?&]Signature=)[^&\s"'<>]+    # signed addresses
    | (?<=X-Amz-Signature=)\w+ | (?<=hooks\.slack\.com/services/)[^\s"'<>]+
    | (?<=password[ ])[0-9a-f]{40}\b                               # .netrc
    | \bBearer[ ]+(?!auth|token|scheme|header|realm|error|format|cred)[\w.~+/-]{6,}+=*
    | \bbearer[ ]+(?=[\w.~+/-]{0,99}\d)[\w.~+/-]{16,}+=*
    """,
    re.VERBOSE | re.DOTALL,
)

_NAME = re.compile(
    r"""
    (?<![\w.-]) (?P<name>[\w.-]++) (?:\\?["']|&(?:quot|\#39|\#x27|\#34);)? [ \t]{0,8} \]? [ \t]{0,8}
    (?: (?P<prose>\bis[ \t]) | :[ \t]{0,8} [\w.\[\]|, "']{1,60}?[ \t]{0,8} =(?!=) | => | = (?!=)
      | (?P<colon>:(?![:/])) | (?P<call>\()(?=["']) )
    [ \t]{0,8} (?: \s{0,40} (?P<open>\()? \s{0,40} (?=[rbufRBUF]{0,2}["']) [rbufRBUF]{0,2} )?
    """,
    re.VERBOSE,
)
"""A name, and what stands before its value: ``name = ``, ``name: str = ``, ``"name": ``, ``name is ``."""

_QUOTED = r"""
    (?P<triple>\"{3}|'{3}) (?P<long>.*?) (?P=triple)
    | \\(?P<escaped>["']) (?P<nested>(?:(?!\\(?P=escaped))[^\n])*+) \\(?P=escaped)
    | (?P<entity>&(?:quot|\#39|\#x27|\#34);) (?P<html>(?:(?!(?P=entity))[^\\\n]|\\.)*+) (?P=entity)
    | (?P<quote>["']) (?P<text>(?:(?!(?P=quote))[^\\\n]|\\.)*+) (?P=quote)
"""
_PART = r"""[^\s;&,"'<>(){}\[\]\\|`:=]++"""
_VALUE = re.compile(
    rf"{_QUOTED} | (?P<plain>(?:(?:Bearer|Basic|Token)[ ]+)? {_PART}(?:[:=]+{_PART}){{0,3}}=*) (?![(\[])",
    re.VERBOSE | re.DOTALL,
)
_ITEM = re.compile(
    rf"""
    [\s,]*+ (?: (?P<open>[\[({{]) | (?P<close>[\])}}])
      | (?: [rbufRBUF]{{0,2}}(?=["']) )? (?: {_QUOTED} | (?P<plain>{_PART}(?:[ \t]+{_PART})*+=*+) (?![(\[]) )
        (?P<is_key>[ \t]*+(?::|=>|=))? )
    """,
    re.VERBOSE | re.DOTALL,
)
"""What may stand in a list, tuple, set or dict as Python, JSON and YAML write them."""

_LISTED = re.compile(
    r"""
    [ \t]*+(?:\n|\\n)[ \t]*+-[ \t]++ (?:["'](?P<text>[^"'\n]++)["']|(?P<plain>[^\s"'#:\\]++))
    (?=[ \t]*+(?:["'#\\\n]|\Z))
    """,
    re.VERBOSE,
)
"""An item of a list in YAML, on a line of its own."""

_SHAPE_HINTS = (
    "AKIA ASIA gho_ ghp_ ghr_ ghs_ ghu_ github_pat_ glpat- _live_ _test_ sk- hf_ gsk_ r8_ wandb_v1_ dop_v1_ lsv2_ npm_"
    " pypi- dapi nvapi- xai- pplx- tvly- glsa- key- xox xapp- AIza ya29. GOCSPX- SG. :AA eyJ -----BEGIN :// sig="
    " Signature= hooks.slack.com earer"
).split()
_NAME_HINTS = "pass pwd pw secret token key cred auth login cookie".split()
"""One of these stands in every text in which the pattern finds something; looking for them is much quicker."""

_HEX_KEY = re.compile(r"[0-9a-f]{40}")
_OPAQUE = re.compile(r"(?=\D*\d)[\w.~+/=-]{16,}")
_TOKEN = re.compile(r"(?=\D*\d)(?=[^A-Za-z]*[A-Za-z])[\w.~+/=-]{16,}")
"""How a secret token is written that has no shape of an issuer's: long, in one piece, with digits and letters."""

_NO_WORD = re.compile(r"(?=\D*\d)(?=[^A-Za-z]*[A-Za-z])\S{6,}")
"""What may be a secret where it stands in prose: ``the password is …``."""

_NOTHING = re.compile(r"\W*|None|[Nn]ull|[Tt]rue|[Ff]alse|nan|NaN|NA")
_REFERENCE = re.compile(r"(?:(?:Bearer|Basic|Token) +)?(?:\$\w+|\$?\{.*|%s|%\(\w+\)s|:\w+|\$\(.*)")
"""A place that a secret is put in later, and no secret: ``$TOKEN``, ``%s``."""

_TYPE = re.compile(r"(?:str|bytes|int|bool|float|Any|SecretStr|Optional\S*|string|list|dict|tuple|Callable)\b")
_LOGS_IN = re.compile(r"(?:^|[._-])(?:login|authenticate)$")
_MANY_DIGITS = 8
_BRACKETS = ("[", "(", "{")
_KINDS = ("long", "nested", "html", "text", "plain")


def redact(text: str) -> str:
    """Return ``text`` with everything replaced that has a secret's shape, or stands under a secret's name.

    Examples
    --------
    >>> redact("postgres://ada:pa55@host/db"), redact("Server=db;Password=hunter2;"), redact("max_tokens=512")
    ('postgres://<redacted>@host/db', 'Server=db;Password=<redacted>;', 'max_tokens=512')
    """
    text, lower = _without_shapes(text), text.lower()
    return _without_known(_redact_names(text) if any(hint in lower for hint in _NAME_HINTS) else text)


def describe_redacted(counts: Mapping[str, int]) -> str:
    """Return in words what was left out, and where.

    Examples
    --------
    >>> describe_redacted({"source": 1, "params": 2}), describe_redacted({"tags": 1})
    ('3 likely secrets left out: source, params', '1 likely secret left out: tags')
    """
    return f"{spell_count(sum(counts.values()), 'likely secret')} left out: {', '.join(counts)}"


def redact_shapes(text: str) -> str:
    """Return ``text`` with everything replaced that has a secret's shape, or is one that is known already."""
    return _without_known(_without_shapes(text))


def redact_named(name: str, text: str) -> str:
    """Return a text that goes by a name, redacted: all of it where the name promises a secret.

    Examples
    --------
    >>> redact_named("token", "abc"), redact_named("stage", "dev")
    ('<redacted>', 'dev')
    """
    if not is_secret(name, text):
        return redact(text)
    remember(text)
    return REDACTED


def remember_named(names: Mapping[str, object]) -> None:
    """Know from now on the texts among names' values that are secrets by their names; of ``token`` few are."""
    for name, value in list(names.items()):
        if isinstance(value, str) and is_secret(name, value, is_listed=True):
            remember(value)


def is_secret(name: str, text: str, *, is_listed: bool = False) -> bool:
    """Tell whether a text is a secret by the name that it goes by, alone or as one of many.

    Examples
    --------
    >>> is_secret("passwords", "abc"), is_secret("tokens", "cat"), is_secret("tokens", "8f14e45fceea167a5a36")
    (True, False, True)
    """
    if may_name_words(name) and (is_listed or not is_bare_token(name)):
        return _TOKEN.fullmatch(text) is not None
    return is_secret_name(name) and holds_secret(text)


def holds_secret(text: str) -> bool:
    """Tell whether a text under a secret's name can be one: not where it is empty or a place to put one."""
    return not (_NOTHING.fullmatch(text) or _REFERENCE.fullmatch(text))


def is_hex_key(text: str) -> bool:
    """Tell whether a text is written as keys are that have no shape but their length: 40 hexadecimal digits."""
    return _HEX_KEY.fullmatch(text) is not None


def is_type(text: str) -> bool:
    """Tell whether a text reads as a type in Python: ``"str | None"``."""
    return _TYPE.match(text) is not None


def count_redacted(redacted: str, original: str = "") -> int:
    """Return how many secrets were left out of a text.

    Examples
    --------
    >>> count_redacted(redact("password=hunter2"))
    1
    """
    return redacted.count(REDACTED) - original.count(REDACTED)


def _without_shapes(text: str) -> str:
    is_likely = any(hint in text for hint in _SHAPE_HINTS) or "password " in text
    return _SHAPES.sub(REDACTED, text) if is_likely else text


def _without_known(text: str) -> str:
    """Replace what is known, last of all: it may be a part of another secret."""
    for known in find_known(text):
        text = text.replace(known, REDACTED)
    return text


def _redact_names(text: str) -> str:
    pieces, done = list[str](), 0
    for start, end in sorted(_find_named(text)):
        if start >= done:
            pieces += text[done:start], REDACTED
            done = end
    return "".join([*pieces, text[done:]])


def _find_named(text: str) -> Iterator[tuple[int, int]]:
    """Yield where secrets stand by the name before them; one may be told twice."""
    place, ends = 0, {True: 0, False: 0}
    while name := _NAME.search(text, place):
        place = name.end("name")  # another name may follow at once: ``connect(password=…``
        if not _may_name_secret(name["name"]):
            continue
        start, may_be_words = name.start("open") if name["open"] else name.end(), may_name_words(name["name"])
        if text[start : start + 1] in _BRACKETS and not name["call"]:
            if start >= max(ends[False], ends[may_be_words]):  # no more than twice through the same text
                found, ends[may_be_words] = _items(text, start)
                yield from (
                    item.span(kind) for kind, item in found if _is_secret(name, item[kind], kind, is_listed=True)
                )
        elif value := _VALUE.match(text, name.end()):
            kind = _kind(value)
            if _is_secret(name, value[kind], kind):
                yield value.span(kind)
                place = value.end()
        elif name["colon"]:
            for item in _lines(text, name.end()):
                kind = "text" if item["text"] else "plain"
                if _is_secret(name, item[kind], kind, is_listed=True):
                    yield item.span(kind)


def _items(text: str, start: int) -> tuple[list[tuple[str, re.Match[str]]], int]:
    """Return what a container holds that begins at ``start``, but no keys, and where it ends or is no container.

    A word alone in braces is a place to put something: ``{password}``.
    """
    found, around, place, has_key = list[tuple[str, re.Match[str]]](), "", start, False
    while item := _ITEM.match(text, place):
        place = item.end()
        if item["close"]:
            around = around[:-1]
            if not around:
                break
        elif item["open"]:
            around += item["open"]
        elif not item["is_key"] and (has_key or item["plain"] is None or around[-1] != "{"):
            found.append((_kind(item), item))
        has_key = item["is_key"] is not None
    return found, place


def _lines(text: str, place: int) -> Iterator[re.Match[str]]:
    while item := _LISTED.match(text, place):
        yield item
        place = item.end()


def _kind(value: re.Match[str]) -> str:
    return next(kind for kind in _KINDS if value[kind] is not None)


def _may_name_secret(name: str) -> bool:
    is_likely = is_secret_name(name) or may_name_words(name)
    return is_likely or name.lower().endswith("key") or _LOGS_IN.search(name) is not None


def _is_secret(name: re.Match[str], value: str, kind: str, *, is_listed: bool = False) -> bool:
    key = name["name"]
    if name["call"]:
        return _LOGS_IN.search(key) is not None and _OPAQUE.fullmatch(value) is not None
    if key.lower().endswith("key") and is_hex_key(value):
        return True
    is_prose = is_listed and kind == "plain" and " " in value
    if is_prose or value == REDACTED or not is_secret(key, value, is_listed=is_listed):
        return False
    if name["prose"] and kind == "plain":
        return _NO_WORD.fullmatch(value) is not None
    return kind != "plain" or _is_secret_plain(key, value, is_told=bool(name["colon"]))


def _is_secret_plain(name: str, value: str, *, is_told: bool) -> bool:
    """Tell whether a word is a secret; where it ``is_told`` with a colon, it may be prose, or a type."""
    if value.replace(".", "").isdigit() and not is_password_name(name):
        return len(value) >= _MANY_DIGITS
    if is_told and is_bare_token(name):
        return _OPAQUE.fullmatch(value) is not None
    return not (is_told and is_type(value))
