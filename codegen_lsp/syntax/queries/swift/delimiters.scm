; Brackets wherever they are code, in broken code too; those in strings and comments are text.
["(" "[" "{" "\\("] @open
[")" "]" "}"] @close

[
  (line_string_literal)
  (multi_line_string_literal)
  (raw_string_literal)
  (regex_literal)
  (comment)
  (multiline_comment)
] @literal
[(comment) (multiline_comment)] @comment

; A quote that tree-sitter found no partner for stands in an error.
(ERROR ["\"" "\"\"\""] @unclosed)
