; What a block's first statement follows; these words are found in broken code too.
["then" "do" "else" "repeat"] @opener
(function_declaration parameters: (_) @opener)
(function_definition parameters: (_) @opener)
