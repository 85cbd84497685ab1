; Definitions: the whole, its name and its body; what stands before the body is the signature.
(class_definition name: (_) @name body: (_) @body) @definition.class
(function_definition name: (_) @name body: (_) @body) @definition.function
(assignment left: (identifier) @name) @definition.variable
(type_alias_statement left: (type (identifier) @name)) @definition.type

; By convention.
((assignment left: (identifier) @name) @definition.constant
  (#match? @name "^[A-Z][A-Z0-9_]+$"))
