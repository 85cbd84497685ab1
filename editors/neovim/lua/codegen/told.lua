--- What the server is told of its suggestions' fates; nothing waits for an answer.

local compat = require('codegen.compat')

local M = {}

local function nothing() end

---@param suggestion codegen.Suggestion
---@param method string
---@param more? table
local function notify(suggestion, method, more)
  local client = vim.lsp.get_client_by_id(suggestion.client_id)
  if client then
    local params = vim.tbl_extend('force', { item = suggestion.item }, more or {})
    compat.call(client, 'notify', method, params)
  end
end

---@param suggestion codegen.Suggestion
---@param command string
---@param arguments table
local function execute(suggestion, command, arguments)
  local client = vim.lsp.get_client_by_id(suggestion.client_id)
  if client then
    local params = { command = command, arguments = arguments }
    compat.call(client, 'request', 'workspace/executeCommand', params, nothing, suggestion.buffer)
  end
end

---@param suggestion codegen.Suggestion
function M.shown(suggestion)
  notify(suggestion, 'textDocument/didShowCompletion')
end

---@param rest codegen.Suggestion what was not taken yet
function M.partially_accepted(rest)
  notify(rest, 'textDocument/didPartiallyAcceptCompletion', { acceptedLength = rest.taken })
end

---@param suggestion codegen.Suggestion
function M.accepted(suggestion)
  local command = suggestion.item.command
  if command then
    execute(suggestion, command.command, command.arguments)
  end
end

---@param suggestion codegen.Suggestion
function M.rejected(suggestion)
  local command = suggestion.item.command
  if command then
    execute(suggestion, 'codegen.reject', command.arguments)
  end
end

return M
