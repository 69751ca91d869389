"""Models as bytes, each by its own library's safe saver; Trackside itself never unpickles one."""

from __future__ import annotations

import re
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from trackside.capture.artifacts.content import Content
from trackside.capture.words.classes import class_name, is_instance_of
from trackside.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class _Form(NamedTuple):
    """How a library's models are written: the type of the bytes, what writes them, how they are loaded again."""

    mime: str
    write: Callable[[BinaryIO], object]
    load: str


def model_content(model: Any) -> Content:
    """Return a model as its own library saves it.

    torch: the ``state_dict``; Keras: ``.keras``; XGBoost: JSON; LightGBM: its text; scikit-learn: ``skops`` where that
    is installed, else ``joblib``, which is a pickle.

    Raises
    ------
    InputError
        No saver is known for it.
    """
    form = next((form(model) for kinds, form in _FORMS if is_instance_of(model, *kinds)), None)
    if form is None:
        raise InputError(
            f"found {class_name(model)} as a model; expected one of torch, Keras, XGBoost, LightGBM or scikit-learn, "
            "a file or bytes; save it to a file by its own library and pass the file's path"
        )
    about = {"class": class_name(model), "load": form.load} | _version(model)
    return Content(kind="model", mime=form.mime, name=type(model).__name__, source=form.write, about=about)


def find_load(mime: str, about: Mapping[str, str]) -> str:
    """Return the code that loads a model of this type again, or nothing where it is none that is written here.

    What is said of a model may come from anybody's store, and is shown as code to run.
    """
    told, known = about.get("load", ""), _LOADS.get(mime, "")
    if known and told.startswith(known.partition("  # ")[0]):
        return known
    return told if mime == _XGBOOST and _XGBOOST_LOAD.fullmatch(told) else ""


def _form(mime: str, write: Callable[[BinaryIO], object]) -> _Form:
    return _Form(mime, write, _LOADS[mime])


def _torch(model: Any) -> _Form:
    import torch

    return _form("application/x-pytorch", lambda file: torch.save(model.state_dict(), file))


def _keras(model: Any) -> _Form:
    return _form("application/x-keras", _by_file(model.save, "model.keras"))


def _xgboost(model: Any) -> _Form:
    load = f"model = xgboost.{type(model).__name__}(); model.load_model(path)"
    return _Form(_XGBOOST, _by_file(model.save_model, "model.json"), load)


def _lightgbm(model: Any) -> _Form:
    booster = model if is_instance_of(model, "lightgbm.Booster") else model.booster_
    text = booster.model_to_string
    return _form("text/plain", lambda file: file.write(text().encode()))


def _sklearn(model: Any) -> _Form:
    if find_spec("skops"):
        from skops import io

        def write(file: BinaryIO) -> None:
            io.dump(model, file)
            file.seek(0)
            local = [kind for kind in io.get_untrusted_types(file=file) if "<" in kind]
            if local:
                raise InputError(
                    f"found {local[0]} in the model; expected functions and classes that can be imported, for nothing "
                    "else could be loaded again; define it in a module"
                )

        return _form("application/x-skops", write)
    import joblib

    return _form("application/x-joblib", lambda file: joblib.dump(model, file))


def _by_file(save: Callable[[str], object], name: str) -> Callable[[BinaryIO], object]:
    """Return what writes a model that its library saves to files of a certain name only."""

    def write(file: BinaryIO) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            save(str(path))
            with path.open("rb") as saved:
                while piece := saved.read(1 << 20):
                    file.write(piece)

    return write


def _version(model: Any) -> dict[str, str]:
    """Return the version of the library that saves a model."""
    import sys

    for base in type(model).__mro__:
        package = base.__module__.partition(".")[0]
        version = getattr(sys.modules.get(package), "__version__", None)
        if package in _LIBRARIES and version:
            return {"library": f"{package} {version}"}
    return {}


_LOADS = {
    "application/x-pytorch": "model.load_state_dict(torch.load(path, weights_only=True))",
    "application/x-keras": "keras.models.load_model(path)",
    "text/plain": "lightgbm.Booster(model_file=path)",
    "application/x-skops": "skops.io.load(path, trusted=[…])  # those of skops.io.get_untrusted_types(file=path) that "
    "you trust",
    "application/x-joblib": "joblib.load(path)  # runs code from the file: only for files that you trust",
}
_XGBOOST = "application/json"
_XGBOOST_LOAD = re.compile(r"model = xgboost\.(Booster|XGB\w{1,60})\(\); model\.load_model\(path\)", re.ASCII)
_LIBRARIES = ("torch", "keras", "xgboost", "lightgbm", "sklearn")
_FORMS: tuple[tuple[tuple[str, ...], Callable[[Any], _Form]], ...] = (
    (("keras.Model", "tf_keras.Model"), _keras),
    (("torch.Module",), _torch),
    (("xgboost.Booster", "xgboost.XGBModel"), _xgboost),
    (("lightgbm.Booster", "lightgbm.LGBMModel"), _lightgbm),
    (("sklearn.BaseEstimator",), _sklearn),
)
"""The first that fits counts: Keras's models may be torch's too, and boosters' classes scikit-learn's."""
