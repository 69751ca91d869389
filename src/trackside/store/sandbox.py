"""Filters that people type, evaluated where they can do no harm: an in-memory DuckDB with no file and no network."""

from __future__ import annotations

import re
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np

from trackside.errors import InputError
from trackside.store.loaded import LoadedDuckDB
from trackside.store.refused_filters import explain, kind_in_words

if TYPE_CHECKING:
    from collections.abc import Mapping

_TIME_LIMIT = 5.0  # seconds
_QUOTED = re.compile(r"('(?:[^']|'')*'|\"(?:[^\"]|\"\")*\")")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_sandbox = LoadedDuckDB(
    {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "enable_external_access": "false",
        "lock_configuration": "true",
        "max_memory": "512MB",
        "threads": "1",
    }
)


def match_rows(columns: Mapping[str, Any], expression: str) -> list[int]:
    """Return the numbers of the rows for which ``expression`` holds, in their order.

    Parameters
    ----------
    columns
        NumPy columns of one length, by the name the expression uses. NaN counts as missing, so that it is neither
        above nor below anything.
    expression
        A condition in SQL, ``lr < 0.01 and kernel == 'rbf'``. Names with other signs than letters, digits and ``_``
        may stand as they are (``val/auc > 0.9``); text may stand in double quotes too.

    Raises
    ------
    InputError
        When the expression is no condition on these columns, or takes longer than five seconds.

    Examples
    --------
    >>> import numpy as np
    >>> match_rows({"lr": np.array([0.1, 0.01]), "val/auc": np.array([0.8, 0.9])}, "lr < 0.05 and val/auc > 0.85")
    [1]
    """
    columns = {name: _filled(column) for name, column in _without_namesakes(columns, expression).items()}
    condition = _quote_names(expression, list(columns))
    with _sandbox.cursor() as connection:
        connection.register("given", {f"c{place}": column for place, column in enumerate(columns.values())})
        named = ", ".join(
            f"{_number_or_null(f'c{place}', column)} AS {_identifier(name)}"
            for place, (name, column) in enumerate(columns.items())
        )
        table = connection.sql(f"SELECT {named}, row_number() OVER () - 1 AS __trackside_row FROM given")  # noqa: S608  # our names
        timer = threading.Timer(_TIME_LIMIT, connection.interrupt)
        timer.start()
        try:
            try:
                rows = _fetch_rows(connection, table, condition, expression)
            except (duckdb.ConversionException, duckdb.BinderException) as error:
                numeric = ", ".join(_as_number(name) for name, column in columns.items() if _has_number(column))
                if not numeric or (isinstance(error, duckdb.BinderException) and "Cannot compare" not in str(error)):
                    raise
                # of a column that has "scale" and 0.1 in it the numbers can be compared
                rows = _fetch_rows(connection, table.project(f"* REPLACE ({numeric})"), condition, expression)
        except (duckdb.FatalException, duckdb.InternalException):
            _sandbox.forget()
            raise
        except duckdb.Error as error:
            raise InputError(explain(expression, list(columns), error, _TIME_LIMIT)) from None
        finally:
            timer.cancel()
    return sorted(int(row) for (row,) in rows)


def _fetch_rows(
    connection: duckdb.DuckDBPyConnection, table: duckdb.DuckDBPyRelation, condition: str, expression: str
) -> list[Any]:
    _check_condition(connection, table, condition, expression)
    # An expression and no more: text that closes the bracket and goes on is refused by the parser.
    return table.filter(duckdb.SQLExpression(condition)).project("__trackside_row").fetchall()


def _check_condition(
    connection: duckdb.DuckDBPyConnection, table: duckdb.DuckDBPyRelation, condition: str, expression: str
) -> None:
    """Refuse what is true or false of no run in particular: ``12``, ``5f``, which SQL reads as 5, ``true``, ``C``."""
    duckdb.SQLExpression(f"({condition}\n)")  # takes no name for the result, as in ``5 AS f``
    kind = table.project(duckdb.SQLExpression(condition)).types[0]
    if str(kind) != "BOOLEAN":
        raise InputError(
            f"The filter {expression!r} is no condition but a value ({kind_in_words(str(kind))}). "
            "Expected the like of: lr < 0.01"
        )
    with suppress(duckdb.BinderException):  # it names a column, as it should
        connection.sql("SELECT 1 AS __trackside_none").project(duckdb.SQLExpression(condition)).fetchall()
        raise InputError(f"The filter {expression!r} names no column. Expected the like of: lr < 0.01")


def _as_number(name: str) -> str:
    return f"TRY_CAST({_identifier(name)} AS DOUBLE) AS {_identifier(name)}"


def _has_number(column: Any) -> bool:
    return column.dtype.kind == "O" and any(_NUMBER.fullmatch(value) for value in column if isinstance(value, str))


def _filled(column: Any) -> Any:
    """Return a column without a mask, which not every DuckDB heeds: a missing number is NaN, a missing time NaT."""
    if not isinstance(column, np.ma.MaskedArray) or column.dtype.kind not in "fiM":
        return column
    if column.dtype.kind == "i" and np.ma.getmaskarray(column).any():
        column = column.astype(float)
    return column.filled() if column.dtype.kind == "i" else column.filled(np.nan if column.dtype.kind == "f" else "NaT")


def _number_or_null(name: str, column: Any) -> str:
    return f"CASE WHEN isnan({name}) THEN NULL ELSE {name} END" if column.dtype.kind == "f" else name


def _without_namesakes(columns: Mapping[str, Any], expression: str) -> dict[str, Any]:
    """Leave one of the names that differ in case only, which SQL takes for one: the one the expression spells."""
    chosen: dict[str, str] = {}
    for name in columns:
        if name.lower() not in chosen or name in expression:
            chosen[name.lower()] = name
    return {name: columns[name] for name in chosen.values()}


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _quote_names(expression: str, names: list[str]) -> str:
    """Quote known names that SQL could not read bare, and turn double-quoted text that is no name into a string."""
    odd = sorted((name for name in names if not re.fullmatch(r"[A-Za-z_]\w*", name)), key=len, reverse=True)
    pattern = re.compile(r"(?<![\w./])(" + "|".join(map(re.escape, odd)) + r")(?![\w/])") if odd else None
    pieces = _QUOTED.split(expression)
    for index, piece in enumerate(pieces):
        if index % 2 == 0:
            pieces[index] = pattern.sub(lambda found: _identifier(found[0]), piece) if pattern else piece
        elif piece[0] == '"' and piece[1:-1].replace('""', '"') not in names:
            pieces[index] = "'" + piece[1:-1].replace('""', '"').replace("'", "''") + "'"
    return "".join(pieces)
