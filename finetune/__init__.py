"""Fine-tuning on a repository: examples from its history, LoRA, and a report of the gain."""
