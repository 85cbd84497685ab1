--- What the server last said of itself (`didChangeStatus`), and how a statusline tells it.

local enabled = require('codegen.enabled')

local M = {}

local latest = {} ---@type table<integer, table> by id of the client
local progress = {} ---@type table<integer, table?> what the latest `$/progress` said

local function redraw()
  vim.schedule(function()
    vim.cmd.redrawstatus({ bang = true })
  end)
end

---@param client_id integer
---@param params table kind, busy, message
---@return boolean whether the model has just become ready
function M.update(client_id, params)
  local was = latest[client_id]
  latest[client_id] = params
  redraw()
  local is_ready = params.kind == 'Normal' and not params.busy
  return is_ready and (not was or was.message ~= params.message)
end

vim.api.nvim_create_autocmd('LspProgress', {
  group = vim.api.nvim_create_augroup('codegen.status', {}),
  callback = function(event)
    local value = event.data.params.value
    local client_id = event.data.client_id
    if latest[client_id] then
      progress[client_id] = value.kind ~= 'end' and value or nil
      redraw()
    end
  end,
})

---@param client vim.lsp.Client
---@return table kind, busy, message
function M.of(client)
  return latest[client.id] or { kind = 'Normal', busy = true, message = 'starting' }
end

--- What goes on, in a few words: the server's own may be a whole sentence.
---@param status table
---@param is_fetching boolean
---@return string
local function brief(status, is_fetching)
  if status.command then
    return 'no model, see :CodegenFetch'
  elseif is_fetching then
    return 'fetching the model'
  elseif status.kind == 'Warning' or status.kind == 'Error' then
    return 'trouble, see :CodegenStatus'
  end
  return status.message == 'ready' and 'thinking' or status.message
end

---@return string
function M.line()
  local client = vim.lsp.get_clients({ bufnr = 0, name = 'codegen_lsp' })[1]
  if not client then
    return ''
  elseif not enabled.is_on(vim.api.nvim_get_current_buf()) then
    return 'codegen: off'
  end
  local status, bar = M.of(client), progress[client.id] or {}
  if status.kind == 'Normal' and not status.busy then
    return 'codegen'
  end
  -- In a statusline % would be special.
  local percent = bar.percentage and (' %d/100'):format(bar.percentage) or ''
  return 'codegen: ' .. brief(status, bar.cancellable) .. percent
end

return M
