; Definitions: the whole, its name and its body; what stands before the body is the signature.
(class_declaration name: (_) @name body: (_) @body) @definition.class
(record_declaration name: (_) @name body: (_) @body) @definition.class
(interface_declaration name: (_) @name body: (_) @body) @definition.interface
(annotation_type_declaration name: (_) @name body: (_) @body) @definition.interface
(enum_declaration name: (_) @name body: (_) @body) @definition.enum
(constructor_declaration name: (_) @name body: (_) @body) @definition.method
(method_declaration name: (_) @name body: (_)? @body) @definition.method
(field_declaration declarator: (variable_declarator name: (_) @name)) @definition.variable
(constant_declaration declarator: (variable_declarator name: (_) @name)) @definition.constant
(enum_constant name: (_) @name) @definition.constant

; By convention.
((field_declaration
  declarator: (variable_declarator name: (_) @name)) @definition.constant
  (#match? @name "^[A-Z][A-Z0-9_]+$"))
