; What makes a statement unfinished.
(ERROR) @unfinished
(MISSING) @unfinished

; Unfinished while its body is all it has, although the grammar accepts that.
(try_statement) @paired
