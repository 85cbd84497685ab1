; Definitions: the whole, its name and its body; what stands before the body is the signature.
(class_declaration name: (_) @name body: (_) @body) @definition.class
(export_statement declaration: (class_declaration name: (_) @name body: (_) @body)) @definition.class
(function_declaration name: (_) @name body: (_) @body) @definition.function
(generator_function_declaration name: (_) @name body: (_) @body) @definition.function
(export_statement
  declaration: (function_declaration name: (_) @name body: (_) @body)) @definition.function
(method_definition name: (_) @name body: (_) @body) @definition.method
(field_definition property: (_) @name) @definition.variable

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
(assignment_expression
  left: (member_expression property: (property_identifier) @name)
  right: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]
) @definition.function

; By convention.
((program (lexical_declaration (variable_declarator name: (identifier) @name)) @definition.constant)
  (#match? @name "^[A-Z][A-Z0-9_]+$"))
((export_statement
  declaration: (lexical_declaration
    (variable_declarator name: (identifier) @name))) @definition.constant
  (#match? @name "^[A-Z][A-Z0-9_]+$"))
