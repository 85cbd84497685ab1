; Brackets wherever they are code, in broken code too; those in strings, regular expressions,
; comments and JSX text are text.
["(" "[" "{" "${"] @open
[")" "]" "}"] @close

[(string) (template_string) (regex) (comment)] @literal
(comment) @comment

; A quote that tree-sitter found no partner for stands in an error.
(ERROR ["`" "'" "\""] @unclosed)
