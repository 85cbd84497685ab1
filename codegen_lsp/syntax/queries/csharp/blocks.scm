; What a brace opens where statements, members or cases follow, unlike in an initializer.
[
  (block)
  (declaration_list)
  (enum_member_declaration_list)
  (accessor_list)
  (switch_body)
] @block
(switch_expression "{" @block)

; `case x:` and `default:` open a block that no brace closes.
(switch_section) @case
