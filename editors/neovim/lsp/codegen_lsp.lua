-- For `vim.lsp.enable('codegen_lsp')`, Neovim 0.11 and newer.
local server = require('codegen.server')
server.check()
return server.config()
