; What a brace opens where statements, members or cases follow, unlike in an object literal.
[(statement_block) (class_body) (switch_body)] @block

; `case x:` and `default:` open a block that no brace closes.
[(switch_case) (switch_default)] @case
