; Names that are used: of variables, functions, types and members.
[(identifier) (constant)] @reference
