; Imports: the statement, the module as written, the names taken from it and what they are
; called here. An alias without a name is the module's.
(using_directive !name [(identifier) (qualified_name)] @module) @import
(using_directive name: (identifier) @alias (_) @module .) @import
