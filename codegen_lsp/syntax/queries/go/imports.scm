; Imports: the statement, the module as written, the names taken from it and what they are
; called here. An alias without a name is the module's.
(import_spec
  name: (package_identifier)? @alias
  path: (_ [(interpreted_string_literal_content) (raw_string_literal_content)] @module)) @import
(import_spec
  name: (dot) @all
  path: (_ [(interpreted_string_literal_content) (raw_string_literal_content)] @module)) @import
