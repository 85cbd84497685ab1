; Names and their parts; see Python's.
[(identifier) (type_identifier)] @alone

(selector_expression operand: (_) @receiver field: (field_identifier) @member)
(qualified_type package: (package_identifier) @receiver name: (type_identifier) @member)

(import_spec name: (package_identifier) @bound)
(import_spec name: (dot)) @everything
(short_var_declaration left: (expression_list (identifier) @bound))
(var_spec name: (identifier) @bound)
(const_spec name: (identifier) @bound)
(range_clause left: (expression_list (identifier) @bound))
(receive_statement left: (expression_list (identifier) @bound))
(type_switch_statement alias: (expression_list (identifier) @bound))
(parameter_declaration name: (identifier) @bound)
(variadic_parameter_declaration name: (identifier) @bound)
(function_declaration name: (identifier) @bound)
(type_spec name: (type_identifier) @bound)
(type_alias name: (type_identifier) @bound)
(type_parameter_declaration name: (identifier) @bound)
(keyed_element . (literal_element (identifier) @ignored))
(ERROR (identifier) @doubtful)
