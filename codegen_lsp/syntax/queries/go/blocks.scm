; What a brace opens where statements, members or cases follow, unlike in a composite literal.
[(block) (field_declaration_list)] @block
(interface_type "{" @block)
(expression_switch_statement "{" @block)
(type_switch_statement "{" @block)
(select_statement "{" @block)

; `case x:` and `default:` open a block that no brace closes.
[(expression_case) (type_case) (communication_case) (default_case)] @case
