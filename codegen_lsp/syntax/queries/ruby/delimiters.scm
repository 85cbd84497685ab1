; Brackets wherever they are code, in broken code too; those in strings and comments are text.
["(" "[" "{" "#{"] @open
[")" "]" "}"] @close

[(string) (symbol_array) (string_array) (heredoc_body) (regex) (comment)] @literal
(comment) @comment

; A quote that tree-sitter found no partner for stands in an error.
(ERROR "\"" @unclosed)
