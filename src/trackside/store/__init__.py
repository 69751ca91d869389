"""The store: tables that index the journals, the drain that fills them, and blobs kept by digest."""
