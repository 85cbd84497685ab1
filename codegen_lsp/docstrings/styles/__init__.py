"""Styles: how documentation is laid out, one module each; none of them knows the model."""
