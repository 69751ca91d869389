"""Likely secrets, told by the name they go by or by their shape; they never reach the journal.

`redact` is for any text (output, error, note, address), `redact_source` for Python as it stands in a cell or a script,
`redact_named` for a text under a name. What they find by a name is left out wherever it stands from then on, as are the
values that `remember_named` is told of, see `known`. All take time that grows with the text's length and no faster,
well under a millisecond for an ordinary cell; `count_redacted` tells how many secrets they left out.
"""

from trackside.capture.words.secrets.known import remember
from trackside.capture.words.secrets.names import is_bare_token, is_password_name, is_secret_name, may_name_words
from trackside.capture.words.secrets.source import redact_source
from trackside.capture.words.secrets.texts import (
    REDACTED,
    count_redacted,
    describe_redacted,
    is_secret,
    redact,
    redact_named,
    redact_shapes,
    remember_named,
)

__all__ = [
    "REDACTED",
    "count_redacted",
    "describe_redacted",
    "is_bare_token",
    "is_password_name",
    "is_secret",
    "is_secret_name",
    "may_name_words",
    "redact",
    "redact_named",
    "redact_shapes",
    "redact_source",
    "remember",
    "remember_named",
]
