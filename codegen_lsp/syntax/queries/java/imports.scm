; Imports: the statement, the module as written, the names taken from it and what they are
; called here. An alias without a name is the module's.
(import_declaration (scoped_identifier scope: (_) @module name: (_) @name) .) @import
(import_declaration (_) @module (asterisk) @name) @import
