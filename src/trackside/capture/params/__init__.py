"""The params of a cell: what it sets, calls with, reads and makes."""
