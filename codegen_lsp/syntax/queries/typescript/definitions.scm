; Definitions: the whole, its name and its body; what stands before the body is the signature.
(class_declaration name: (_) @name body: (_) @body) @definition.class
(abstract_class_declaration name: (_) @name body: (_) @body) @definition.class
(interface_declaration name: (_) @name body: (_) @body) @definition.interface
(enum_declaration name: (_) @name body: (_) @body) @definition.enum
(type_alias_declaration name: (_) @name) @definition.type
(internal_module name: (_) @name body: (_) @body) @definition.module
(module name: (_) @name body: (_) @body) @definition.module
(export_statement
  declaration: (class_declaration name: (_) @name body: (_) @body)) @definition.class
(export_statement
  declaration: (abstract_class_declaration name: (_) @name body: (_) @body)) @definition.class
(export_statement
  declaration: (interface_declaration name: (_) @name body: (_) @body)) @definition.interface
(export_statement
  declaration: (enum_declaration name: (_) @name body: (_) @body)) @definition.enum
(export_statement declaration: (type_alias_declaration name: (_) @name)) @definition.type

(function_declaration name: (_) @name body: (_) @body) @definition.function
(generator_function_declaration name: (_) @name body: (_) @body) @definition.function
(export_statement
  declaration: (function_declaration name: (_) @name body: (_) @body)) @definition.function
(function_signature name: (_) @name) @definition.function
(method_definition name: (_) @name body: (_) @body) @definition.method
(interface_body (method_signature name: (_) @name) @definition.method)
(abstract_method_signature name: (_) @name) @definition.method
(public_field_definition name: (_) @name) @definition.variable
(interface_body (property_signature name: (_) @name) @definition.variable)
(enum_body name: (property_identifier) @name @definition.constant)
(enum_assignment name: (_) @name) @definition.constant

(program
  [
    (lexical_declaration (variable_declarator name: (identifier) @name))
    (variable_declaration (variable_declarator name: (identifier) @name))
  ] @definition.variable)
(export_statement
  declaration: (lexical_declaration
    (variable_declarator name: (identifier) @name))) @definition.variable
(lexical_declaration
  (variable_declarator
    name: (identifier) @name
    value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)])
) @definition.function
(export_statement
  declaration: (lexical_declaration
    (variable_declarator
      name: (identifier) @name
      value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]))
) @definition.function
(pair
  key: (property_identifier) @name
  value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]
) @definition.function

; By convention.
((program (lexical_declaration (variable_declarator name: (identifier) @name)) @definition.constant)
  (#match? @name "^[A-Z][A-Z0-9_]+$"))
((export_statement
  declaration: (lexical_declaration
    (variable_declarator name: (identifier) @name))) @definition.constant
  (#match? @name "^[A-Z][A-Z0-9_]+$"))
