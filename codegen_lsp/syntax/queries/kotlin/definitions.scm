; Definitions: the whole, its name and its body; what stands before the body is the signature.
(class_declaration "class" name: (_) @name (class_body)? @body) @definition.class
(class_declaration "interface" name: (_) @name (class_body)? @body) @definition.interface
(class_declaration name: (_) @name (enum_class_body) @body) @definition.enum
(object_declaration name: (_) @name (class_body)? @body) @definition.class
(function_declaration name: (_) @name (function_body)? @body) @definition.function
(type_alias type: (identifier) @name) @definition.type
(property_declaration (variable_declaration . (identifier) @name)) @definition.variable
(class_parameter ["val" "var"] (identifier) @name) @definition.variable
(enum_entry . (identifier) @name) @definition.constant
((property_declaration
  (modifiers) @modifiers (variable_declaration . (identifier) @name)) @definition.constant
  (#match? @modifiers "const"))
