; Names and their parts; see Python's.
(identifier) @alone
(shorthand_property_identifier) @alone

(member_expression object: (_) @receiver property: (property_identifier) @member)
(import_statement
  (import_clause (named_imports (import_specifier name: (identifier) @imported)))
  source: (string) @module)

(import_clause (identifier) @bound)
(namespace_import (identifier) @bound)
(import_specifier !alias name: (identifier) @bound)
(import_specifier alias: (identifier) @bound)
(export_specifier alias: (identifier) @ignored)
(export_statement
  (export_clause (export_specifier name: (identifier) @ignored)) source: (string))
(namespace_export (identifier) @ignored)

(variable_declarator name: (identifier) @bound)
(shorthand_property_identifier_pattern) @bound
(pair_pattern value: (identifier) @bound)
(array_pattern (identifier) @bound)
(rest_pattern (identifier) @bound)
(assignment_pattern left: (identifier) @bound)
(assignment_expression left: (identifier) @bound)
(assignment_expression left: (member_expression property: (property_identifier) @bound))
(for_in_statement left: (identifier) @bound)
(catch_clause parameter: (identifier) @bound)
(arrow_function parameter: (identifier) @bound)
(formal_parameters (_) @bound)
(class_declaration name: (_) @bound)
(class name: (_) @bound)
(function_declaration name: (identifier) @bound)
(function_expression name: (identifier) @bound)
(generator_function_declaration name: (identifier) @bound)
(ERROR (identifier) @doubtful)
