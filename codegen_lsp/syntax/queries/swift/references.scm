; Names that are used: of variables, functions, types and members.
[(simple_identifier) (type_identifier)] @reference
