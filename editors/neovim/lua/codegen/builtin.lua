--- Neovim 0.12's own inline completion, with what it lacks: answers for a text that has changed
--- meanwhile are dropped, a text that does not fit any more is taken away, what is accepted is only
--- what is left, parts can be accepted, and the server is told.

local enabled = require('codegen.enabled')
local suggestion = require('codegen.suggestion')
local told = require('codegen.told')

local M = {}

local METHOD = 'textDocument/inlineCompletion'
local INVOKED, AUTOMATIC = 1, 2

---@class codegen.Shown
---@field client vim.lsp.Client
---@field handler fun(err?: table, result?: table, context: table) Neovim's, for this buffer
---@field context? table of the latest answer
---@field candidates codegen.Suggestion[]
---@field index integer of the one that is shown

local shown = {} ---@type table<integer, codegen.Shown> by buffer
local listened = {} ---@type table<integer, boolean> by id of the client

---@return codegen.Shown?, codegen.Suggestion?
local function here()
  local state = shown[vim.api.nvim_get_current_buf()]
  return state, state and state.candidates[state.index]
end

--- Lets Neovim show these items, as if they had just been answered.
---@param state codegen.Shown
---@param items table[]
local function show(state, items)
  state.handler(nil, { items = items }, state.context)
end

---@param candidate codegen.Suggestion
local function tell_shown(candidate)
  if suggestion.rest(candidate) then
    told.shown(candidate)
  end
end

---@return string what an answer is for
local function place()
  local buffer, mode = vim.api.nvim_get_current_buf(), vim.api.nvim_get_mode().mode
  return vim.inspect({ buffer, mode, suggestion.place() })
end

---@param state codegen.Shown
---@param result? table
---@param context table
local function note(state, result, context)
  state.context, state.candidates, state.index = context, {}, 1
  for _, item in ipairs(result and (result.items or result) or {}) do
    table.insert(state.candidates, suggestion.read(item, state.client))
  end
  if state.candidates[1] then
    tell_shown(state.candidates[1])
  end
end

--- Takes part in Neovim's requests to `client` and in their answers.
---@param client vim.lsp.Client
local function listen(client)
  local request = client.request
  client.request = function(self, method, params, handler, buffer)
    if method ~= METHOD or not handler then
      return request(self, method, params, handler, buffer)
    end
    local state = shown[buffer] or { client = client, candidates = {}, index = 1 }
    shown[buffer], state.handler = state, handler
    local asked = place()
    return request(self, method, params, function(err, result, context)
      local is_wanted = shown[buffer] == state -- or switched off meanwhile
      if not err and is_wanted and place() == asked then
        handler(err, result, context)
        note(state, result, context)
      end
    end, buffer)
  end
end

--- Takes a text away that what was typed has left.
local function follow()
  local state, candidate = here()
  if state and candidate and not suggestion.rest(candidate) then
    state.candidates = {}
    show(state, {})
  end
end

local function forget()
  local state = here()
  if state then
    state.candidates = {}
  end
end

---@return boolean whether a suggestion is shown
function M.is_visible()
  local _, candidate = here()
  return candidate ~= nil and suggestion.rest(candidate) ~= nil
end

--- Lets Neovim forget what it shows, and what it has asked for.
local function hide()
  local state = assert((here()))
  state.candidates = {}
  show(state, {})
end

---@param part fun(text: string): string
function M.accept(part)
  local state, candidate = here()
  assert(state and candidate)
  local rest = suggestion.take(candidate, part)
  hide()
  if not rest then
    told.accepted(candidate)
    return
  end
  -- The whole item would be shown from where it began, which may be another line.
  local item = { insertText = rest.text, command = rest.item.command }
  state.candidates, state.index = { rest }, 1
  show(state, { item })
  told.partially_accepted(rest)
end

function M.dismiss()
  local _, candidate = here()
  told.rejected(assert(candidate))
  hide()
end

--- Asks as Neovim does, but now.
---@param state codegen.Shown
---@param kind integer with INVOKED, for all candidates
---@param on_shown? fun()
local function ask(state, kind, on_shown)
  local client = state.client
  local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
  params.context = { triggerKind = kind }
  local handler = state.handler
  client:request(METHOD, params, function(...)
    handler(...)
    if on_shown then
      vim.schedule(on_shown) -- behind the taking note of the candidates
    end
  end, vim.api.nvim_get_current_buf())
  state.handler = handler -- not that of this request
end

function M.trigger()
  local state = here()
  if state then
    ask(state, INVOKED)
  end
end

--- Asks anew: the model has become ready.
function M.retry()
  local state = here()
  if state and vim.startswith(vim.api.nvim_get_mode().mode, 'i') then
    ask(state, AUTOMATIC)
  end
end

---@param step integer 1 or -1
function M.select(step)
  local state = assert((here()))
  local function move()
    if #state.candidates > 1 then
      vim.lsp.inline_completion.select({ count = step })
      state.index = (state.index - 1 + step) % #state.candidates + 1
      tell_shown(state.candidates[state.index])
    end
  end
  if #state.candidates > 1 then
    move()
  else -- only the best one was asked for
    ask(state, INVOKED, move)
  end
end

---@param client vim.lsp.Client
---@param buffer integer
function M.attach(client, buffer)
  if not listened[client.id] then
    listened[client.id] = true
    listen(client)
  end
  vim.lsp.inline_completion.enable(enabled.is_on(buffer), { bufnr = buffer })
  local group = vim.api.nvim_create_augroup('codegen.builtin.' .. buffer, {})
  vim.api.nvim_create_autocmd({ 'CursorMovedI', 'TextChangedI' }, {
    group = group,
    buffer = buffer,
    callback = follow,
  })
  vim.api.nvim_create_autocmd('InsertLeave', { -- Neovim takes its text away
    group = group,
    buffer = buffer,
    callback = forget,
  })
end

---@param buffer integer
function M.detach(buffer)
  shown[buffer] = nil
  vim.api.nvim_create_augroup('codegen.builtin.' .. buffer, {})
end

--- Follows a change of codegen.enabled.
function M.refresh()
  for _, client in ipairs(vim.lsp.get_clients({ name = 'codegen_lsp' })) do
    for buffer in pairs(client.attached_buffers) do
      shown[buffer] = nil
      vim.lsp.inline_completion.enable(enabled.is_on(buffer), { bufnr = buffer })
    end
  end
end

return M
