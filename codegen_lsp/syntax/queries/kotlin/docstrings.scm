; Documentation: the comments right above a definition.
[(line_comment) (block_comment)] @above
