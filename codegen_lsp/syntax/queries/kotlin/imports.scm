; Imports: the statement, the module as written, the names taken from it and what they are
; called here. An alias without a name is the module's.
(import (qualified_identifier . (identifier) .) @module) @import
((import
  (qualified_identifier (identifier) (identifier) @name .) @module
  (identifier)? @alias) @import
  (#not-match? @import "[*]$"))
(import (qualified_identifier) @module "*" @name) @import
