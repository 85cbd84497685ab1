; What a block's first command follows; these words are found in broken code too.
["then" "do" "else" "{"] @opener
(case_item ")" @opener)
