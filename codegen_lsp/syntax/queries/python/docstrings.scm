; Documentation: a string that is the first statement of a body.
(block . (expression_statement . (string) @inside .))

; Other comments document nothing.
(comment) @comment
