; Documentation: the comments right above a definition.
(comment) @above
