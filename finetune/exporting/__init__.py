"""Getting an adapter out: as peft reads it, merged for Hugging Face, as GGUF, and behind vLLM.

Most of it needs torch, so a command imports it when it is about to export.
"""
