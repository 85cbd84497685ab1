; Imports: the statement and the module as written.
(import_declaration (identifier) @module) @import
