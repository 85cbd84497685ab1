; Names that are used: of variables, functions, types and members.
[(identifier) (property_identifier) (shorthand_property_identifier) (type_identifier)] @reference
