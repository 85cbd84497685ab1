; Imports: the statement, the module as written, the names taken from it and what they are
; called here. An alias without a name is the module's.
(import_statement name: (dotted_name) @module) @import
(import_statement
  name: (aliased_import name: (dotted_name) @module alias: (_) @alias)) @import
(import_from_statement
  module_name: [(dotted_name) @module (relative_import (import_prefix) @relative (dotted_name)? @module)]
  name: [
    (dotted_name) @name
    (aliased_import name: (dotted_name) @name alias: (_) @alias)
  ]) @import
(import_from_statement
  module_name: [(dotted_name) @module (relative_import (import_prefix) @relative (dotted_name)? @module)]
  (wildcard_import) @name) @import
