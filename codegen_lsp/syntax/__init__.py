"""Syntax trees and what they say; the only package that knows tree-sitter."""
