; Imports: the call and the file as written, and what makes it relative to this one.
((call
  method: (identifier) @require
  arguments: (argument_list . (string (string_content) @module) .)) @import
  (#match? @require "^(require|load)$"))
((call
  method: (identifier) @relative
  arguments: (argument_list . (string (string_content) @module) .)) @import
  (#eq? @relative "require_relative"))
