; Imports: the statement, the module as written, the names taken from it and what they are
; called here. An alias without a name is the module's.
(namespace_use_declaration
  (namespace_use_clause . (name) @module alias: (_)? @alias)) @import
(namespace_use_declaration
  (namespace_use_clause
    (qualified_name prefix: (namespace_name) @module (name) @name)
    alias: (_)? @alias)) @import
(namespace_use_declaration
  (namespace_name) @module
  body: (namespace_use_group (namespace_use_clause . (name) @name alias: (_)? @alias))) @import

; Files as written.
(require_expression (string (string_content) @module)) @import
(require_once_expression (string (string_content) @module)) @import
(include_expression (string (string_content) @module)) @import
(include_once_expression (string (string_content) @module)) @import
