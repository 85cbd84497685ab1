; Definitions: the whole, its name and its body; what stands before the body is the signature.
; An empty body begins where it ends.
(function_declaration name: (identifier) @name body: (_) @body) @definition.function
(function_declaration name: (identifier) @name !body "end" @body) @definition.function
(function_declaration
  name: [
    (dot_index_expression table: (_) @container field: (_) @name)
    (method_index_expression table: (_) @container method: (_) @name)
  ]
  body: (_) @body) @definition.method
(function_declaration
  name: [
    (dot_index_expression table: (_) @container field: (_) @name)
    (method_index_expression table: (_) @container method: (_) @name)
  ]
  !body
  "end" @body) @definition.method

; A function that is assigned.
(assignment_statement
  (variable_list . name: (identifier) @name .)
  (expression_list . value: (function_definition body: (_)? @body))) @definition.function
(variable_declaration
  (assignment_statement
    (variable_list . name: (identifier) @name .)
    (expression_list . value: (function_definition body: (_)? @body)))) @definition.function
(assignment_statement
  (variable_list . name: (dot_index_expression table: (_) @container field: (_) @name) .)
  (expression_list . value: (function_definition body: (_)? @body))) @definition.method

(chunk
  (variable_declaration
    (assignment_statement (variable_list name: (identifier) @name))) @definition.variable)
(chunk
  (assignment_statement
    (variable_list
      name: (dot_index_expression table: (_) @container field: (_) @name))) @definition.variable)

; By convention.
((chunk
  (variable_declaration
    (assignment_statement (variable_list name: (identifier) @name))) @definition.constant)
  (#match? @name "^[A-Z][A-Z0-9_]+$"))
