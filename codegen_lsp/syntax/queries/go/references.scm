; Names that are used: of variables, functions, types and members.
[(identifier) (type_identifier) (field_identifier) (package_identifier)] @reference
