"""Completes the flags of ``%%track``, the verbs of ``%track``, and what may stand after them."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from IPython.core.completer import SimpleCompletion, context_matcher

from trackside.capture.code.seeds import literal_names
from trackside.capture.words.python import parse
from trackside.errors import TracksideError
from trackside.magic.options import FLAGS
from trackside.model import STAGES, short_id
from trackside.tracking.marks import DISPOSITIONS
from trackside.whereabouts import find_own_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from IPython.core.completer import CompletionContext, SimpleMatcherResult
    from IPython.core.interactiveshell import InteractiveShell

    from trackside.magic.verbs import Verb

_NEWEST = 20
_AFTER_FLAG = {"--into": "runs", "--experiment": "experiments", "--metrics": "metrics", "--tag": "tags"}
_AFTER_VERBS_FLAG = {"--metric": "metrics", "--against": "runs", "--name": "baselines", "--experiment": "experiments"}
_NAMING = {"experiment": "experiment_name", "rename": "run_name"}
"""Verbs that are followed by a name, and which scheme it is to fit."""

_MAGIC = re.compile(r"\s*(?P<magic>%%?track)\s(?P<words>.*)$")
_QUESTION = re.compile(r"\bruns\(\s*[\"'](?P<words>[^\"']*)$")
_LITERAL = re.compile(r"--[\w-]+|\b[a-z]+\b")
"""What stands in a verb's usage as it is typed."""

_WORD = re.compile(r"""(?:(?<![^\s,])["'][^"']*|[^\s,]*)$""")
"""What is being typed: a name with a space in it stands in quotes."""


class Completion:
    """The completer, while it is registered; what it offers stands alone, for no name of Python's may stand there."""

    def __init__(self, shell: InteractiveShell, verbs: dict[str, Verb]) -> None:
        self._shell = shell
        self._verbs = verbs

    def start(self) -> None:
        """Register the completer."""
        self._matchers.append(self._match)

    def stop(self) -> None:
        """Take the completer away again."""
        self._matchers[:] = [matcher for matcher in self._matchers if matcher != self._match]

    @property
    def _matchers(self) -> list[Any]:
        matchers: list[Any] = self._shell.Completer.custom_matchers
        return matchers

    @context_matcher(identifier="trackside")  # type: ignore[untyped-decorator]  # IPython's
    def _match(self, context: CompletionContext) -> SimpleMatcherResult:
        before = context.text_until_cursor
        word = _WORD.search(before)
        begun = word[0] if word else ""
        if found := _MAGIC.match(before):
            offers = self._offer(
                found["magic"], found["words"][: len(found["words"]) - len(begun)].split(), begun, context.full_text
            )
        elif found := _QUESTION.search(before):
            begun, offers = found["words"], _known("runs")
        else:
            return {"completions": [], "suppress": False}
        fitting = [SimpleCompletion(text) for text in dict.fromkeys(offers) if text.startswith(begun)]
        return {"completions": fitting, "suppress": True, "matched_fragment": begun, "ordered": True}

    def _offer(self, magic: str, words: list[str], begun: str, cell: str) -> list[str]:
        if magic == "%%track":
            return _after_cell_magic(words, begun, cell)
        if not words:
            return list(self._verbs)
        if (offers := _quietly(lambda: _after(words))) is not None:
            return offers
        verb = self._verbs.get(words[0])
        if verb and words[-1] in verb.usage and words[-1] in _AFTER_VERBS_FLAG:
            return _known(_AFTER_VERBS_FLAG[words[-1]])
        named = _schemed(_NAMING[words[0]], begun) if words[0] in _NAMING else []
        return [*named, *_known(verb.words), *_LITERAL.findall(verb.usage)] if verb else []


def _after_cell_magic(words: list[str], begun: str, cell: str) -> list[str]:
    last = words[-1] if words else ""
    if last == "--seed":
        return _seeds_in(cell)
    if wanted := _AFTER_FLAG.get(last):
        return [*(_schemed("experiment_name", begun) if wanted == "experiments" else []), *_known(wanted)]
    is_named = any(word[:2] != "--" and not FLAGS.get(before) for before, word in pairwise(["", *words]))
    return [*FLAGS, *([] if is_named or FLAGS.get(last) else _schemed("run_name", begun))]


def _after(words: list[str]) -> list[str] | None:
    """Return what may stand after certain words of a verb; None where the verb's usage tells."""
    offers: list[str] | None = None
    match words:
        case ["register", *_, "as"]:
            offers = _model_names()
        case ["promote" | "alias" | "models", model]:
            offers = _versions(model)
        case ["promote", model, _] if _versions(model):
            offers = [stage for stage in STAGES if stage != "none"]
        case ["alias", model, _] if _versions(model):
            from trackside.team.registry.registry import CHAMPION  # DuckDB is not to be loaded before it is needed

            offers = [*dict.fromkeys([*_aliases(model), CHAMPION]), "--delete"]
        case ["decide", _, *more]:
            offers = [] if any(word in DISPOSITIONS for word in more) else [*DISPOSITIONS, *_runs()]
        case ["tag", *_]:
            offers = [*_runs(), *_tags()]
    return offers


def _quietly(find: Callable[[], list[str] | None]) -> list[str] | None:
    """Return what is found; None where the store or the settings cannot tell now."""
    try:
        return find()
    except TracksideError:
        return None


def _schemed(key: str, begun: str) -> list[str]:
    """Return how a name that is begun may go on by the policy's naming schemes."""
    from trackside.team.policy.names import complete_name

    return _quietly(lambda: complete_name(find_own_settings(), key, begun)) or []


def _seeds_in(cell: str) -> list[str]:
    """Return the names in the cell that is being written which a seed may be put in."""
    lines = ["" if line.lstrip().startswith("%") else line for line in cell.splitlines()]
    try:
        return literal_names(parse("\n".join(lines)))
    except (SyntaxError, ValueError):
        return []


def _known(words: str) -> list[str]:
    """Return what the store knows of a kind of words; nothing where it cannot tell now."""
    offers: dict[str, Callable[[], list[str]]] = {
        "runs": _runs,
        "metrics": _metrics,
        "metrics and runs": lambda: [*_metrics(), *_runs()],
        "runs and tags": lambda: [*_runs(), *_tag_names()],
        "names": _names,
        "experiments": _experiments,
        "baselines": _baselines,
        "models": _model_names,
        "tags": _tags,
    }
    return (_quietly(offers[words]) if words else None) or []


def _runs() -> list[str]:
    from trackside.handles import WORDS
    from trackside.lookup import runs

    found = runs()[:_NEWEST]
    cells = [f"#{count}" for count in found.execution_counts if count is not None]
    return [
        *WORDS,
        *(f"baseline:{name}" for name in _baselines()),
        *found.names,
        *(f'"{name}"' for name in found.names if " " in name),
        *cells,
        *(short_id(run_id) for run_id in found.ids),
    ]


def _baselines() -> list[str]:
    from trackside.lookup import runs

    return sorted(filter(None, runs().baselines))


def _metrics() -> list[str]:
    from trackside.lookup import runs

    return runs().metric_names


def _names() -> list[str]:
    from trackside.lookup import runs

    found = runs()
    return [*found.param_names, *found.metric_names]


def _tag_names() -> list[str]:
    from trackside.lookup import runs

    return runs().tag_names


def _tags() -> list[str]:
    """Return what the policy demands, with its values, and what runs have."""
    from trackside.team.policy.names import list_tags

    return [*(_quietly(lambda: list_tags(find_own_settings())) or []), *_tag_names()]


def _model_names() -> list[str]:
    from trackside.registered import models

    return models.names


def _aliases(model: str) -> list[str]:
    from trackside.registered import models

    return [*models[model].aliases]


def _versions(model: str) -> list[str] | None:
    """Return what names the versions of a model, the newest first; None of one that is not there."""
    from trackside.registered import models

    if model not in models:
        return None
    return [*_aliases(model), "latest", *(str(number) for number in range(len(models[model]), 0, -1))]


def _experiments() -> list[str]:
    from trackside.listings import list_experiments
    from trackside.store.store import Store

    return [name for name, _ in list_experiments(Store(find_own_settings().store_folder))]
