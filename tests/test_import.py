"""`import trackside` is cheap: it loads the standard library only, and each public name loads what it needs."""

from __future__ import annotations

import subprocess
import sys

import pytest

import trackside

HEAVY = {"duckdb", "numpy", "pandas", "altair", "anywidget", "IPython", "msgspec", "psutil", "zstandard", "asyncio"}


def modules_after(code: str) -> set[str]:
    script = f"import sys\n{code}\nprint(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in ran.stdout.split()}


def test_import_loads_the_standard_library_only() -> None:
    foreign = modules_after("import trackside") - modules_after("") - set(sys.stdlib_module_names)
    assert foreign == {"trackside"}


def test_logging_from_a_script_loads_no_database_and_no_data_frame() -> None:
    loaded = modules_after("import trackside as ts; ts.run; ts.log")
    assert not loaded & {"duckdb", "pandas", "altair", "anywidget", "IPython"}


def test_the_magics_load_no_database_and_no_numbers_before_they_are_needed() -> None:
    assert not modules_after("import trackside.magic") & {"duckdb", "numpy", "pandas", "altair"}


def test_every_public_name_can_be_had() -> None:
    assert all(hasattr(trackside, name) for name in trackside.__all__)
    assert set(trackside.__all__) <= set(dir(trackside))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        _ = trackside.nonsense


def test_a_public_name_is_never_shadowed_by_a_module_of_the_same_name() -> None:
    import trackside.collection
    import trackside.history

    assert callable(trackside.runs)
