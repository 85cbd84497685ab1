; Imports: the statement, the module as written, the names taken from it and what they are
; called here. An alias without a name is the module's.
(import_statement source: (string (string_fragment) @module)) @import
(import_statement
  (import_clause (identifier) @default)
  source: (string (string_fragment) @module)) @import
(import_statement
  (import_clause (namespace_import "*" @name (identifier) @alias))
  source: (string (string_fragment) @module)) @import
(import_statement
  (import_clause (named_imports (import_specifier name: (_) @name alias: (_)? @alias)))
  source: (string (string_fragment) @module)) @import

; What is exported from elsewhere is needed from there.
(export_statement source: (string (string_fragment) @module)) @import
(export_statement
  (export_clause (export_specifier name: (_) @name alias: (_)? @alias))
  source: (string (string_fragment) @module)) @import

; Modules of CommonJS, and those loaded when needed.
((call_expression
  function: [(identifier) (import)] @require
  arguments: (arguments . (string (string_fragment) @module) .)) @import
  (#match? @require "^(require|import)$"))
((variable_declarator
  name: (identifier) @alias
  value: (call_expression
    function: (identifier) @require
    arguments: (arguments . (string (string_fragment) @module) .)) @import)
  (#eq? @require "require"))
((variable_declarator
  name: (object_pattern [
    (shorthand_property_identifier_pattern) @name
    (pair_pattern key: (_) @name value: (identifier) @alias)
  ])
  value: (call_expression
    function: (identifier) @require
    arguments: (arguments . (string (string_fragment) @module) .)) @import)
  (#eq? @require "require"))

(import_statement
  (import_require_clause (identifier) @alias source: (string (string_fragment) @module))) @import
