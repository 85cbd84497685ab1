; Definitions: the whole, its name and its body; what stands before the body is the signature.
(class_declaration
  declaration_kind: ["class" "struct" "actor"]
  name: (type_identifier) @name
  body: (_) @body) @definition.class
(class_declaration
  declaration_kind: "enum" name: (type_identifier) @name body: (_) @body) @definition.enum
(class_declaration
  declaration_kind: "extension"
  name: (user_type (type_identifier) @name)
  body: (_) @body) @definition.extension
(protocol_declaration name: (_) @name body: (_) @body) @definition.interface
(function_declaration name: (simple_identifier) @name body: (_) @body) @definition.function
(protocol_function_declaration name: (simple_identifier) @name) @definition.method
(init_declaration name: "init" @name body: (_) @body) @definition.method
(typealias_declaration name: (type_identifier) @name) @definition.type
(property_declaration
  name: (pattern bound_identifier: (_) @name)
  computed_value: (_)? @body) @definition.variable
(protocol_property_declaration name: (pattern bound_identifier: (_) @name)) @definition.variable
(enum_entry name: (simple_identifier) @name) @definition.constant
