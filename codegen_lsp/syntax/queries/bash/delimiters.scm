; Brackets wherever they are code, in broken code too; those in strings and comments are text.
; The braces around commands are no brackets here: like `fi` and `done`, they end a block.
["(" "$(" "${" "["] @open
[")" "]"] @close
(expansion "}" @close)

[(string) (raw_string) (heredoc_body) (comment)] @literal
(comment) @comment

; A quote that tree-sitter found no partner for stands in an error.
(ERROR "\"" @unclosed)
