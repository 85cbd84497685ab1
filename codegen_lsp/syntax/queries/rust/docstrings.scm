; Documentation: the comments right above a definition; attributes may stand between.
[(line_comment) (block_comment)] @above
(attribute_item) @between
