"""Tensors of torch, its datasets and loaders."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from trackside.capture.data.arrays import LARGEST_ROW, array_column, read_array, read_sparse
from trackside.capture.data.content import Column, Content, Values
from trackside.capture.data.frames import read_pandas
from trackside.capture.data.lengths import length_of
from trackside.capture.data.tables import read_arrow, read_hugging_face, read_polars

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from torch import Tensor

_LARGEST_COALESCED = 5_000_000
_FROM_DEVICE = 3
"""How much longer numbers take that are copied from a device first."""

_DEEPEST = 4
"""Datasets within datasets that are looked into: a subset of a concatenation of subsets."""


def read_tensor(value: Any) -> Content | None:
    """Return what a tensor holds; where it lies on a device, only what is read is copied from there."""
    torch = sys.modules.get("torch")
    if torch is None or not isinstance(value, torch.Tensor) or isinstance(value, torch.nn.Parameter):
        return None
    tensor = value.detach()
    columns = None
    if tensor.layout == torch.strided and tensor.device.type != "meta" and not tensor.is_quantized:
        columns = [_tensor_column("", tensor)]
    elif tensor.layout == torch.sparse_coo and tensor._nnz() <= _LARGEST_COALESCED:  # noqa: SLF001 - torch has no other
        entries = tensor.coalesce()
        columns = [_tensor_column("indices", entries.indices()), _tensor_column("values", entries.values())]
    return Content(
        kind=type(value).__name__,
        family=f"torch.{tensor.layout}",
        shape=tuple(tensor.shape),
        columns=columns,
        memory=tensor.numel() * tensor.element_size(),
    )


def _tensor_column(name: str, tensor: Tensor) -> Column:
    if tensor.device.type == "cpu":
        numbers = _as_array(tensor)
        is_coded = tensor.is_floating_point() and numbers.dtype.kind != "f"
        return replace(array_column(name, numbers), dtype=str(tensor.dtype), is_coded=is_coded)
    rows = tensor if tensor.ndim else tensor.reshape(1)
    size = rows.numel() * rows.element_size()
    if len(rows) and size // len(rows) > LARGEST_ROW:
        rows = rows.reshape(-1)
    return Column(
        name=name,
        dtype=str(tensor.dtype),
        rows=len(rows),
        size=size,
        slowness=_FROM_DEVICE,
        read=lambda part: Values(_as_array(rows[part])),
    )


def _as_array(tensor: Tensor) -> Any:
    """Return the tensor's numbers; NumPy knows no bfloat16 and no 8-bit floats, whose bits are taken as they are."""
    import torch

    tensor = tensor.resolve_conj().resolve_neg().cpu()
    try:
        return tensor.numpy()
    except TypeError:
        return tensor.view({1: torch.uint8, 2: torch.int16}[tensor.element_size()]).numpy()


def read_torch_data(value: Any) -> Content | None:
    """Return what a torch Dataset or DataLoader holds, as far as it lies in the memory.

    No item is asked for: that may read files, draw random numbers or take minutes. So of a dataset of the user's own
    the arrays, tensors and frames in its attributes are taken; what its methods do with them is code, not data.
    """
    data = sys.modules.get("torch.utils.data")
    if data is None:
        return None
    if isinstance(value, data.DataLoader):
        inner = _read_dataset(value.dataset, 0)
        kind = type(value).__name__
        return replace(inner, kind=kind) if inner else Content(kind=kind, family=kind, shape=_length(value.dataset))
    if isinstance(value, data.Dataset):
        return _read_dataset(value, 0)
    return None


def _read_dataset(value: Any, depth: int) -> Content | None:
    data = sys.modules["torch.utils.data"]
    if not isinstance(value, data.Dataset):
        return read_plain(value)
    kind = type(value)
    content = Content(kind=kind.__name__, family=f"{kind.__module__}.{kind.__qualname__}", shape=_length(value))
    found = list(_parts(value, depth)) if depth < _DEEPEST else []
    if not found or any(part is None or part.columns is None for _, part in found):
        return content
    columns = [
        replace(column, name=".".join(filter(None, (name, column.name))))
        for name, part in found
        for column in (part.columns if part else None) or ()
    ]
    memory = [part.memory for _, part in found if part]
    facts = tuple(f"{name} {part.family} {part.shape} {part.facts}" for name, part in found if part)
    return replace(
        content,
        columns=columns,
        memory=None if None in memory else sum(size or 0 for size in memory),
        facts=facts,
        is_sparing=any(part.is_sparing for _, part in found if part),
    )


def _parts(value: Any, depth: int) -> Iterator[tuple[str, Content | None]]:
    data = sys.modules["torch.utils.data"]
    if isinstance(value, data.TensorDataset):
        yield from ((str(at), read_tensor(tensor)) for at, tensor in enumerate(value.tensors))
    elif isinstance(value, data.Subset):
        yield "", _subset(_read_dataset(value.dataset, depth + 1), value.indices)
    elif isinstance(value, data.ConcatDataset):
        yield from ((str(at), _read_dataset(part, depth + 1)) for at, part in enumerate(value.datasets))
    else:
        for name, member in vars(value).items():
            part = _read_dataset(member, depth + 1) if isinstance(member, data.Dataset) else read_plain(member)
            if part is not None:
                yield name, part


def _subset(whole: Content | None, indices: Any) -> Content | None:
    import numpy as np

    rows = np.asarray(indices)
    if whole is None or whole.columns is None or rows.dtype.kind not in "iu" or rows.ndim != 1:
        return None
    length = whole.shape[0] if whole.shape else 0
    if any(column.rows != length for column in whole.columns):
        return None
    rows = np.where(rows < 0, rows + length, rows)
    columns = [column.take(rows) for column in whole.columns]
    return replace(whole, columns=columns, shape=(len(rows), *(whole.shape or ())[1:]), memory=None)


_PLAIN: tuple[Callable[[Any], Content | None], ...] = (
    read_array,
    read_pandas,
    read_tensor,
    read_polars,
    read_arrow,
    read_sparse,
    read_hugging_face,
)


def read_plain(value: Any) -> Content | None:
    """Return what an array, frame, tensor or table holds, or None where it is none of these."""
    return next((content for read in _PLAIN if (content := read(value)) is not None), None)


def _length(value: Any) -> tuple[int, ...] | None:
    try:
        length = length_of(value)
    except Exception:  # noqa: BLE001 - the user's own code
        return None
    return None if length is None else (length,)
