; Definitions: the whole, its name and its body; what stands before the body is the signature.
; An empty body begins where it ends.
(module name: (_) @name body: (_) @body) @definition.module
(module name: (_) @name !body "end" @body) @definition.module
(class name: (_) @name body: (_) @body) @definition.class
(class name: (_) @name !body "end" @body) @definition.class
(method name: (_) @name body: (_) @body) @definition.function
(method name: (_) @name !body "end" @body) @definition.function
(singleton_method name: (_) @name body: (_) @body) @definition.method
(singleton_method name: (_) @name !body "end" @body) @definition.method
(assignment left: (constant) @name) @definition.constant
