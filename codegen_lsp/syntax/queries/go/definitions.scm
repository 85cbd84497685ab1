; Definitions: the whole, its name and its body; what stands before the body is the signature.
(function_declaration name: (_) @name body: (_) @body) @definition.function
(method_declaration
  receiver: (parameter_list
    (parameter_declaration
      type: [
        (type_identifier) @container
        (generic_type type: (_) @container)
        (pointer_type (type_identifier) @container)
        (pointer_type (generic_type type: (_) @container))
      ]))
  name: (_) @name
  body: (_) @body) @definition.method
(type_spec name: (_) @name type: (struct_type (field_declaration_list) @body)) @definition.class
(type_spec name: (_) @name type: (interface_type "{" @body)) @definition.interface
(type_spec name: (_) @name) @definition.type
(type_alias name: (_) @name) @definition.type
(method_elem name: (_) @name) @definition.method
(field_declaration name: (_) @name) @definition.variable
(const_spec name: (identifier) @name) @definition.constant
(var_spec name: (identifier) @name) @definition.variable

; With its keyword, unless that stands before several.
(type_declaration
  . (type_spec
    name: (_) @name type: (struct_type (field_declaration_list) @body)) .) @definition.class
(type_declaration
  . (type_spec name: (_) @name type: (interface_type "{" @body)) .) @definition.interface
(type_declaration . [(type_spec name: (_) @name) (type_alias name: (_) @name)] .) @definition.type
(const_declaration . (const_spec name: (identifier) @name) .) @definition.constant
(var_declaration . (var_spec name: (identifier) @name) .) @definition.variable
