; Includes: the statement and the file as written, a system header with its angle brackets.
(preproc_include path: (system_lib_string) @module) @import
(preproc_include path: (string_literal (string_content) @module)) @import
