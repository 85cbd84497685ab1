; Brackets wherever they are code, in broken code too; those in strings and comments are text.
["(" "[" "{" "${"] @open
[")" "]" "}"] @close

[
  (string_literal)
  (multiline_string_literal)
  (character_literal)
  (line_comment)
  (block_comment)
] @literal
[(line_comment) (block_comment)] @comment

; A quote that tree-sitter found no partner for stands in an error.
(ERROR ["\"" "\"\"\""] @unclosed)
