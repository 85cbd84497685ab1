; What a brace opens where statements, members or cases follow.
[
  (compound_statement)
  (declaration_list)
  (enum_declaration_list)
  (switch_block)
  (match_block)
] @block

; `case x:` and `default:` open a block that no brace closes.
[(case_statement) (default_statement)] @case
