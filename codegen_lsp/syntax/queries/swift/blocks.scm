; What a brace opens where statements, members or cases follow.
[
  (class_body)
  (protocol_body)
  (enum_class_body)
  (function_body)
  (computed_property)
  (lambda_literal)
] @block
(if_statement "{" @block)
(guard_statement "{" @block)
(for_statement "{" @block)
(while_statement "{" @block)
(repeat_while_statement "{" @block)
(do_statement "{" @block)
(catch_block "{" @block)
(switch_statement "{" @block)

; `case x:` and `default:` open a block that no brace closes.
(switch_entry) @case
