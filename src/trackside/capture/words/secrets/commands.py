"""Secrets in the commands that a cell gives to IPython or to a shell."""

from __future__ import annotations

import re

from trackside.capture.words.secrets.known import remember
from trackside.capture.words.secrets.names import is_secret_name
from trackside.capture.words.secrets.texts import REDACTED, holds_secret, redact

_SETTING = re.compile(r"(?P<start>^\s*%(?:set_)?env[ \t]+(?P<name>\w+)(?:[ \t]*=[ \t]*|[ \t]+))(?P<value>[^\n]+)")
_FLAG = re.compile(
    r"""(?P<start>(?<!\S)--?(?P<name>\w[\w-]*+)[ \t=]++)(?P<value>"[^"\n]*+"|'[^'\n]*+'|[^\s"'-][^\s"']*+)"""
)
_USER = re.compile(r"(?P<start>(?<!\S)(?:-u|--user)[ \t]++[\"']?[^\s:\"']++:)(?P<value>[^\s\"']+)")
_LOGIN = re.compile(r"(?P<start>\blogin[ \t]++)(?P<value>(?=\D*\d)\w[\w.-]{19,})")


def redact_command(line: str) -> str:
    """Return a line such as ``%env NAME=value`` or ``!export NAME=value`` with its secrets replaced.

    Examples
    --------
    >>> redact_command("%env API_TOKEN abc"), redact_command("!train.py --epochs 3 --api-key abc")
    ('%env API_TOKEN <redacted>', '!train.py --epochs 3 --api-key <redacted>')
    """
    line = _SETTING.sub(_redact_value, line)
    line = _FLAG.sub(_redact_value, line)
    for pattern in (_USER, _LOGIN):
        line = pattern.sub(rf"\g<start>{REDACTED}", line)
    return redact(line)


def _redact_value(found: re.Match[str]) -> str:
    value = found["value"]
    is_secret = is_secret_name(found["name"]) and holds_secret(value) and REDACTED not in value
    if not is_secret:
        return found[0]
    remember(value.strip("\"' "))
    return found["start"] + REDACTED
