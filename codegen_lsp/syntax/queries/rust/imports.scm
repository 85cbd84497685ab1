; Imports: the statement, the module as written, the names taken from it and what they are
; called here. An alias without a name is the module's.
; In a tree of names the paths around a name belong to its module.
(use_declaration) @import
(use_declaration argument: (identifier) @module)
(use_declaration argument: (scoped_identifier path: (_) @module name: (_) @name))
(use_declaration
  argument: (use_as_clause path: (identifier) @module alias: (_) @alias))
(use_declaration
  argument: (use_as_clause
    path: (scoped_identifier path: (_) @module name: (_) @name) alias: (_) @alias))
(use_wildcard (_) @module "*" @name)
(use_wildcard . "*" @name)
(use_list [(identifier) (self)] @name)
(use_list (scoped_identifier path: (_) @module name: (_) @name))
(use_list (use_as_clause path: [(identifier) (self)] @name alias: (_) @alias))
(use_list
  (use_as_clause path: (scoped_identifier path: (_) @module name: (_) @name) alias: (_) @alias))

; A module in a file of its own.
(mod_item name: (_) @module !body) @import
(extern_crate_declaration name: (_) @module) @import
