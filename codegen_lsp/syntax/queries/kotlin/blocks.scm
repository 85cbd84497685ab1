; What a brace opens where statements, members or branches follow.
[(block) (class_body) (enum_class_body) (lambda_literal)] @block
(when_expression "{" @block)
