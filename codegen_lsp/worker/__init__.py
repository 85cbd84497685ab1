"""The model in a process of its own: messages, the child's side, the parent's, and who restarts it.

The parent's side (`client`, `supervisor`) imports nothing heavy and never waits for torch or its
interpreter lock; a crash of the model, or the kernel's out-of-memory killer, ends the child alone.
"""
