--- A server of ours has attached to a buffer: keys, ghost text, and where the focus is.

local compat = require('codegen.compat')
local keys = require('codegen.keys')
local options = require('codegen.options')

local M = {}

---@return table the module that shows suggestions: codegen.builtin or codegen.own
function M.engine()
  return options.uses_builtin() and require('codegen.builtin') or require('codegen.own')
end

---@param client vim.lsp.Client
---@param buffer integer
local function tell_focus(client, buffer)
  local params = { textDocument = vim.lsp.util.make_text_document_params(buffer) }
  compat.call(client, 'notify', 'textDocument/didFocus', params)
end

---@param client vim.lsp.Client
---@param buffer integer
function M.attach(client, buffer)
  if not client.server_capabilities.inlineCompletionProvider then
    return
  end
  keys.map()
  M.engine().attach(client, buffer)
  local group = vim.api.nvim_create_augroup('codegen.attach.' .. buffer, {})
  vim.api.nvim_create_autocmd('BufEnter', {
    group = group,
    buffer = buffer,
    callback = function()
      tell_focus(client, buffer)
    end,
  })
  vim.api.nvim_create_autocmd('LspDetach', {
    group = group,
    buffer = buffer,
    callback = function(event)
      if event.data.client_id == client.id then
        M.engine().detach(buffer)
        vim.api.nvim_create_augroup('codegen.attach.' .. buffer, {})
      end
    end,
  })
end

return M
