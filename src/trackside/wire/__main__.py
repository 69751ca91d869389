"""Prints the contract's schema: ``python -m trackside.wire``."""

from __future__ import annotations

import sys

from trackside.wire.schema import contract_schema

if __name__ == "__main__":
    sys.stdout.write(contract_schema())
