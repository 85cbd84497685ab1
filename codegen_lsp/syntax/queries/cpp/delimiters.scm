; Brackets wherever they are code, in broken code too; those in strings and comments are text.
["(" "[" "{"] @open
[")" "]" "}"] @close

[(string_literal) (raw_string_literal) (system_lib_string) (char_literal) (comment)] @literal
(comment) @comment

; A quote that tree-sitter found no partner for stands in an error.
(ERROR ["\"" "'"] @unclosed)
