; What a brace opens where statements, members or cases follow, unlike in an array initializer.
[
  (block)
  (constructor_body)
  (class_body)
  (interface_body)
  (enum_body)
  (annotation_type_body)
  (switch_block)
] @block

; `case x:` and `default:` open a block that no brace closes.
(switch_block_statement_group) @case
