; Documentation: the comments right above a definition.
[(comment) (multiline_comment)] @above
