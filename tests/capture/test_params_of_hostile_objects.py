"""An object that raises whatever it is asked costs its own param, never the cell's other ones."""

from __future__ import annotations

import dataclasses
import types
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.capture.cells import created, found

from trackside.capture.params.values import given_params, simple_params

# not __class__: hypothesis itself asks for that
ASKED = (
    "__bool__ __eq__ __float__ __format__ __getattr__ __getitem__ __hash__ __int__ __iter__ __len__ __repr__"
    " __str__ dtype fit get_params item items keys ndim shape values"
).split()
BASES = (object, dict, list, str, int, float, tuple, types.SimpleNamespace)
CODE = "fit(v, lr, cfg, inside)\nepochs = 3\nmodel = SVC(C=lr)\nw = made(v)"


class HostileError(Exception):
    pass


def hostile(base: type, asked: list[str], *, is_property: bool) -> Any:
    """Return an object that raises when it is asked some things, in methods or already in properties."""

    def refuse(*_: Any, **__: Any) -> Any:
        raise HostileError

    members = {name: property(refuse) if is_property or not name.startswith("__") else refuse for name in asked}
    return type("HostileConfig", (base,), members)()


hostile_objects = st.builds(
    hostile, st.sampled_from(BASES), st.lists(st.sampled_from(ASKED), unique=True), is_property=st.booleans()
)


@given(hostile_objects)
def test_the_other_params_are_found(value: Any) -> None:
    @dataclasses.dataclass
    class Config:
        lr: float = 0.5
        other: Any = None

    params = found(CODE, v=value, lr=0.1, cfg=Config(other=value), inside=[value, {"a": value}])
    assert params.items() >= {"lr": 0.1, "cfg.lr": 0.5, "epochs": 3}.items()


@given(hostile_objects)
def test_what_the_cell_makes_is_read(value: Any) -> None:
    code = "made = make()\ncfg = configure()\nmodels = [make(), make()]"
    params = created(code, make=lambda: value, configure=lambda: types.SimpleNamespace(lr=0.5, other=value))
    assert params["cfg.lr"] == 0.5


@given(hostile_objects)
def test_given_params_are_kept_all(value: Any) -> None:
    params = {param.key: param for param in given_params({"lr": 0.1, "other": value, "cfg": {"v": value, "depth": 3}})}
    assert (params["lr"].value, params["cfg.depth"].value) == (0.1, 3)
    assert any(key.startswith("other") for key in params)


@dataclasses.dataclass
class WithProperty:
    lr: float = 0.5

    def __getattribute__(self, name: str) -> Any:
        if name == "epochs":
            raise HostileError
        return super().__getattribute__(name)

    epochs: int = 3


def test_a_field_that_raises_costs_only_itself() -> None:
    assert found("train(v)", v=WithProperty()) == {"v.lr": 0.5}


def test_a_hostile_object_that_is_called_costs_nothing() -> None:
    class Function:
        @property
        def __module__(self) -> str:  # type: ignore[override]  # a class that says nothing true of itself
            raise HostileError

        def __call__(self) -> None:
            pass

    assert found("v(3, lr=0.1); v.fit(epochs=3)", v=Function()) == {"v.lr": 0.1, "fit.epochs": 3}


@pytest.mark.parametrize(
    "value", [float("nan"), 10**400, -(2**70), "\ud800", b"bytes", 1j, range(3), frozenset({1}), ...]
)
def test_odd_values_are_no_trouble(value: Any) -> None:
    assert len(simple_params("v", value, "context")) <= 1
    assert len(given_params({"v": value})) == 1


def test_containers_that_hold_themselves() -> None:
    loop: dict[str, Any] = {"lr": 0.1}
    loop["self"] = loop
    row: list[Any] = [1]
    row.append(row)
    assert found("train(loop, row, lr)", loop=loop, row=row, lr=0.1).items() >= {"lr": 0.1, "loop.lr": 0.1}.items()
