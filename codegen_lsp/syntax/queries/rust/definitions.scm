; Definitions: the whole, its name and its body; what stands before the body is the signature.
(function_item name: (_) @name body: (_) @body) @definition.function
(function_signature_item name: (_) @name) @definition.function
(struct_item name: (_) @name) @definition.class
(struct_item name: (_) @name body: (field_declaration_list) @body) @definition.class
(union_item name: (_) @name body: (_) @body) @definition.class
(enum_item name: (_) @name body: (_) @body) @definition.enum
(trait_item name: (_) @name body: (_) @body) @definition.interface
(impl_item
  type: [(type_identifier) @name (generic_type type: (_) @name) (scoped_type_identifier name: (_) @name)]
  body: (_) @body) @definition.extension
(mod_item name: (_) @name body: (_) @body) @definition.module
(type_item name: (_) @name) @definition.type
(associated_type name: (_) @name) @definition.type
(const_item name: (_) @name) @definition.constant
(static_item name: (_) @name) @definition.variable
(macro_definition name: (_) @name (macro_rule) @body) @definition.function
(field_declaration name: (_) @name) @definition.variable
(enum_variant name: (_) @name) @definition.constant
