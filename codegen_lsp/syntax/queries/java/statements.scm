; What makes a statement unfinished.
(ERROR) @unfinished
(MISSING) @unfinished
