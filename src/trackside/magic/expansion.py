"""Puts the notebook's values into the ``%%track`` line, as IPython does for its magics: ``{lr}``, ``$name``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from IPython.utils.text import DollarFormatter

from trackside.errors import InputError, suggest

if TYPE_CHECKING:
    from collections.abc import Mapping


def expand(line: str, namespace: Mapping[str, Any]) -> str:
    """Return the line with each ``{expression}`` and ``$name`` replaced by its value.

    Braces that are not in pairs, and such as ``{"a": 1}``, stay as they are, and so does all of their line.

    Raises
    ------
    InputError
        A name is not defined, or an expression is none or fails.

    Examples
    --------
    >>> expand("mlp-{lr * 2} --tag model=$kind", {"lr": 0.1, "kind": "mlp"})
    'mlp-0.2 --tag model=mlp'
    """
    try:
        return DollarFormatter().vformat(line, [], namespace)
    except ValueError:  # as from ``lr}``, too
        return line
    except SyntaxError as error:
        raise InputError(
            f"found {line.strip()!r} after %%track, but what stands in braces is no Python ({error.msg}); expected the "
            "like of {lr * 2}, or {{ and }} for braces themselves"
        ) from error
    except Exception as error:
        known = suggest(error.name, list(namespace)) if isinstance(error, NameError) and error.name else ""
        raise InputError(
            f"found {line.strip()!r} after %%track, but {error}; expected what the cells before define.{known}"
        ) from error
