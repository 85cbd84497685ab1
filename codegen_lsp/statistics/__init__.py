"""How suggestions fare on this machine: counted locally, in numbers and codes only.

Knows neither documents nor the protocol, and is never told code or the name of a file.
"""
