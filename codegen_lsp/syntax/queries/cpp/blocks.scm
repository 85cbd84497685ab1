; What a brace opens where statements or members follow, unlike in an initializer.
[(compound_statement) (field_declaration_list) (enumerator_list) (declaration_list)] @block

; `case x:` and `default:` open a block that no brace closes.
(case_statement) @case
