; Definitions: the whole, its name and its body; what stands before the body is the signature.
(class_declaration name: (_) @name body: (_) @body) @definition.class
(struct_declaration name: (_) @name body: (_) @body) @definition.class
(record_declaration name: (_) @name body: (_)? @body) @definition.class
(interface_declaration name: (_) @name body: (_) @body) @definition.interface
(enum_declaration name: (_) @name body: (_) @body) @definition.enum
(delegate_declaration name: (_) @name) @definition.type
(namespace_declaration name: (_) @name body: (_) @body) @definition.module
(constructor_declaration name: (_) @name body: (_) @body) @definition.method
(method_declaration name: (_) @name body: (_)? @body) @definition.method
(local_function_statement name: (_) @name body: (_) @body) @definition.function
(property_declaration name: (_) @name accessors: (_) @body) @definition.variable
(property_declaration name: (_) @name value: (arrow_expression_clause) @body) @definition.variable
(field_declaration
  (variable_declaration (variable_declarator name: (_) @name))) @definition.variable
(event_field_declaration
  (variable_declaration (variable_declarator name: (_) @name))) @definition.variable
(enum_member_declaration name: (_) @name) @definition.constant
((field_declaration
  (modifier) @modifier
  (variable_declaration (variable_declarator name: (_) @name))) @definition.constant
  (#eq? @modifier "const"))
