; Definitions: the whole, its name and its body; what stands before the body is the signature.
(function_definition name: (_) @name body: (_) @body) @definition.function
(variable_assignment name: (variable_name) @name) @definition.variable

; By convention.
((variable_assignment name: (variable_name) @name) @definition.constant
  (#match? @name "^[A-Z][A-Z0-9_]+$"))
