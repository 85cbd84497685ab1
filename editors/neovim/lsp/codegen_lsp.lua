-- For `vim.lsp.enable('codegen_lsp')`, Neovim 0.11 and newer.
return require('codegen.server').config()
