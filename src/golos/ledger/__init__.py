"""Ledger: the append-only log. Merkle tree, tiles, signed notes, checkpoints, receipts, witnesses, the sequencer."""
