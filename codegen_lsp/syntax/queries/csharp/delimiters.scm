; Brackets wherever they are code, in broken code too; those in strings and comments are text.
["(" "[" "{"] @open
[")" "]" "}"] @close

[
  (string_literal)
  (verbatim_string_literal)
  (raw_string_literal)
  (interpolated_string_expression)
  (character_literal)
  (comment)
] @literal
(comment) @comment

; A quote that tree-sitter found no partner for stands in an error.
(ERROR ["\"" (raw_string_start)] @unclosed)
