; Names that are used: of commands and variables.
(command_name (word) @reference)
(variable_name) @reference
