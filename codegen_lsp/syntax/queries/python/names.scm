; Names and their parts in a text: joined to a receiver, given to a call, imported, bound or none of
; a program's names. An identifier that no pattern takes stands alone.
(identifier) @alone

(attribute object: (_) @receiver attribute: (identifier) @member)
(call
  function: (_) @receiver
  arguments: (argument_list (keyword_argument name: (identifier) @argument)))
(keyword_argument name: (identifier) @ignored)
(import_from_statement
  module_name: (_) @module
  name: [
    (dotted_name (identifier) @imported)
    (aliased_import name: (dotted_name (identifier) @imported))
  ])

(import_statement (dotted_name (identifier) @bound))
(import_statement (aliased_import (dotted_name (identifier) @ignored)))
(import_from_statement module_name: (dotted_name (identifier) @ignored))
(import_from_statement module_name: (relative_import (dotted_name (identifier) @ignored)))
(import_from_statement name: (dotted_name (identifier) @bound))
(future_import_statement (dotted_name (identifier) @ignored))
(aliased_import alias: (identifier) @bound)
(wildcard_import) @everything

(assignment left: (identifier) @bound)
(assignment left: (attribute attribute: (identifier) @bound))
(named_expression name: (identifier) @bound)
(for_statement left: (identifier) @bound)
(for_in_clause left: (identifier) @bound)
(pattern_list (identifier) @bound)
(tuple_pattern (identifier) @bound)
(list_pattern (identifier) @bound)
(list_splat_pattern (identifier) @bound)
(dictionary_splat_pattern (identifier) @bound)
(pattern_list (attribute attribute: (identifier) @bound))
(as_pattern_target (identifier) @bound)
(as_pattern_target (tuple (identifier) @bound))
(parameters (identifier) @bound)
(lambda_parameters (identifier) @bound)
(typed_parameter . (identifier) @bound)
(default_parameter name: (identifier) @bound)
(typed_default_parameter name: (identifier) @bound)
(function_definition name: (identifier) @bound)
(class_definition name: (identifier) @bound)
(type_alias_statement left: (type (identifier) @bound))
(type_alias_statement left: (type (generic_type . (identifier) @bound)))
(type_parameter (type (identifier) @bound))
(global_statement (identifier) @bound)
(nonlocal_statement (identifier) @bound)
(case_pattern (dotted_name . (identifier) @bound .))
(as_pattern (case_pattern) (identifier) @bound)
(keyword_pattern (dotted_name . (identifier) @bound .))
(union_pattern (dotted_name . (identifier) @bound .))
(dotted_name (_) (identifier) @ignored)
(splat_pattern (identifier) @bound)
(keyword_pattern (identifier) @ignored)
(ERROR (identifier) @doubtful)
