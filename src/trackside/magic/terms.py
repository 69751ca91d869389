"""The terms on which a cell is tracked: what the settings and the cell's own options say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from trackside.capture.data.datasets import Depth
    from trackside.config import Settings
    from trackside.magic.options import Options


@dataclass(frozen=True)
class Terms:
    """What is kept of a tracked cell, where, and what is shown of it; ``settings`` is None where they cannot be used.

    `options` may still change: ``--into`` may turn out to be unclear.
    """

    settings: Settings | None
    options: Options

    @property
    def store_folder(self) -> Path | None:
        """Where the run goes; None where it is not to be kept."""
        settings = self.settings
        if settings is None or settings.mode == "disabled" or self.options.is_dry or self.options.is_unclear:
            return None
        return settings.store_folder

    @property
    def experiment(self) -> str:
        """What the run belongs to."""
        return self.options.experiment or (self.settings.experiment if self.settings else "")

    @property
    def captured(self) -> str:
        """What is kept of the cell, in words for people."""
        return self.settings.captured if self.settings else "nothing"

    @property
    def keeps_outputs(self) -> bool:
        """Whether more is kept than what the cell measures; the setting ``capture`` may say less."""
        return self.store_folder is not None and self.settings is not None and self.settings.captures("outputs")

    @property
    def hears_prints(self) -> bool:
        """Whether what the cell prints is read."""
        return self.settings is None or self.settings.mode == "enabled"

    @property
    def data_depth(self) -> Depth:
        """How much of data is looked at."""
        settings = self.settings
        if settings is None or (settings.mode == "enabled" and settings.captures("content")):
            return "content"
        return "shapes" if settings.mode == "enabled" and settings.captures("data") else "nothing"

    @property
    def shows_card(self) -> bool:
        """Whether a card is shown of a cell that nothing went wrong with."""
        settings = self.settings
        is_wanted = settings is None or (settings.card == "on" and settings.mode == "enabled")
        return is_wanted and not self.options.is_quiet
