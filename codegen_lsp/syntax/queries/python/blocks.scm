; Suites: what stands, indented, under a line that ends in a colon.
(block) @block
