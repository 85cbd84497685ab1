; Documentation: the comments right above a definition; decorators may stand between.
(comment) @above
(decorator) @between
