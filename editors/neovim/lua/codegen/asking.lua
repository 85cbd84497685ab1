--- Requests for the own ghost text: after a pause, the newest only, and no answer that is too late.

local compat = require('codegen.compat')

local M = {}

local AUTOMATIC, INVOKED = 2, 1

local generation = 0 -- of what the user does; an answer to an earlier one is dropped
local cancel ---@type fun()?

--- Whatever is under way is of no use any more.
function M.forget()
  generation = generation + 1
  if cancel then
    cancel()
    cancel = nil
  end
end

---@param client vim.lsp.Client
---@param kind integer
---@param on_items fun(items: table[])
local function send(client, kind, on_items)
  local buffer, asked = vim.api.nvim_get_current_buf(), generation
  local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
  params.context = { triggerKind = kind }
  local function on_answer(_, result)
    if asked == generation then
      cancel = nil
      on_items(result and (result.items or result) or {})
    end
  end
  local method = 'textDocument/inlineCompletion'
  local is_sent, id = compat.call(client, 'request', method, params, on_answer, buffer)
  if is_sent then
    cancel = function()
      compat.call(client, 'cancel_request', id)
    end
  end
end

--- Asks once no key has come for so long.
---@param client vim.lsp.Client
---@param pause_ms integer
---@param on_items fun(items: table[])
function M.after_pause(client, pause_ms, on_items)
  M.forget()
  local begun = generation
  vim.defer_fn(function()
    if begun == generation and not compat.call(client, 'is_stopped') then
      send(client, AUTOMATIC, on_items)
    end
  end, pause_ms)
end

--- Asks at once, because the user wants it.
---@param client vim.lsp.Client
---@param on_items fun(items: table[])
function M.now(client, on_items)
  M.forget()
  send(client, INVOKED, on_items)
end

return M
