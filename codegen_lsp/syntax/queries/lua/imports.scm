; Imports: the call, the module as written and the variable that holds it.
((function_call
  name: (identifier) @require
  arguments: (arguments . (string content: (string_content) @module) .)) @import
  (#eq? @require "require"))
((assignment_statement
  (variable_list . name: (identifier) @alias .)
  (expression_list
    . value: (function_call
      name: (identifier) @require
      arguments: (arguments . (string content: (string_content) @module) .)) @import))
  (#eq? @require "require"))
