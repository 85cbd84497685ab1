"""Tokens in, tokens out: the protocol in `base`, its decoders, and the loop that drives them."""
