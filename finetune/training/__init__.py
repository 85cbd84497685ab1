"""Training LoRA adapters: the model's forward and backward pass, batches, the loop, checkpoints.

Everything here needs torch, so a command imports it when it is about to train.
"""
