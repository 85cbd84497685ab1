; Files that are sourced, as written; one whose name is known only when the script runs is not.
((command
  name: (command_name) @source
  .
  argument: [(word) @module (string . (string_content) @module .)]) @import
  (#match? @source "^(source|[.])$"))
