; What a brace opens where statements, members or arms follow, unlike in a struct expression.
[
  (block)
  (declaration_list)
  (field_declaration_list)
  (enum_variant_list)
  (match_block)
] @block
