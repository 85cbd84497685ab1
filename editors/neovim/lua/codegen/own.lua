--- Ghost text of the plugin's own, for Neovim before 0.12 (and later on wish).

local asking = require('codegen.asking')
local enabled = require('codegen.enabled')
local ghost = require('codegen.ghost')
local options = require('codegen.options')
local suggestion = require('codegen.suggestion')
local told = require('codegen.told')

local M = {}

local clients = {} ---@type table<integer, integer> id of the client by buffer
local current ---@type codegen.Suggestion?
local candidates = {} ---@type codegen.Suggestion[]
local is_complete = false -- whether the candidates are all that there are
local seen ---@type string? where the cursor was when it was last looked at

local function hide()
  if current then
    ghost.clear(current.buffer)
  end
  current, candidates = nil, {}
end

---@param chosen codegen.Suggestion
local function show(chosen)
  local rest = suggestion.rest(chosen)
  if not rest then
    return hide()
  end
  if not current or current.item ~= chosen.item then
    told.shown(chosen)
  end
  current = chosen
  ghost.draw(chosen, rest)
end

---@return vim.lsp.Client?
local function client_here()
  local buffer = vim.api.nvim_get_current_buf()
  local client = clients[buffer] and vim.lsp.get_client_by_id(clients[buffer])
  return client and enabled.is_on(buffer) and client or nil
end

---@param client vim.lsp.Client
---@param index integer of the candidate to show; from the end if negative
---@return fun(items: table[])
local function shower(client, index)
  return function(items)
    hide()
    if not vim.startswith(vim.api.nvim_get_mode().mode, 'i') or vim.fn.pumvisible() == 1 then
      return
    end
    for _, item in ipairs(items) do
      table.insert(candidates, suggestion.read(item, client))
    end
    local wanted = index < 0 and #candidates or math.min(index, #candidates)
    if candidates[wanted] then
      show(candidates[wanted])
    end
  end
end

--- Keeps what still fits, and asks anew.
local function follow()
  local row, before, after = suggestion.place()
  local place = ('%d:%d:%s\n%s'):format(vim.api.nvim_get_current_buf(), row, before, after)
  if place == seen then -- text and cursor have changed at once: two events
    return
  end
  seen = place
  if current then
    show(current)
  end
  local client = client_here()
  if client then
    is_complete = false
    asking.after_pause(client, options.get().debounce_ms, shower(client, 1))
  end
end

local function leave()
  asking.forget()
  hide()
  seen = nil
end

---@return boolean whether a suggestion is shown
function M.is_visible()
  -- While keys wait, Neovim does not tell of the cursor's moves.
  return current ~= nil and suggestion.rest(current) ~= nil
end

---@param part fun(text: string): string
function M.accept(part)
  local taken = assert(current)
  local rest = suggestion.take(taken, part)
  hide()
  if rest then
    candidates = { rest }
    current = rest -- shown before, as a part of the whole
    show(rest)
    told.partially_accepted(rest)
  else
    told.accepted(taken)
  end
end

function M.dismiss()
  told.rejected(assert(current))
  asking.forget()
  hide()
end

--- Asks for candidates, whatever the server would say unasked.
function M.trigger()
  local client = client_here()
  if client then
    is_complete = true
    asking.now(client, shower(client, 1))
  end
end

---@param step integer 1 or -1
function M.select(step)
  local client = client_here()
  if client and not is_complete then -- only the best one was asked for
    is_complete = true
    asking.now(client, shower(client, step > 0 and 2 or -1))
    return
  end
  for index, each in ipairs(candidates) do
    if each == current then
      return show(candidates[(index - 1 + step) % #candidates + 1])
    end
  end
end

---@param client vim.lsp.Client
---@param buffer integer
function M.attach(client, buffer)
  clients[buffer] = client.id
  local group = vim.api.nvim_create_augroup('codegen.own.' .. buffer, {})
  local function on(events, callback)
    vim.api.nvim_create_autocmd(events, { group = group, buffer = buffer, callback = callback })
  end
  on({ 'InsertEnter', 'CursorMovedI', 'TextChangedI', 'CompleteDone' }, follow)
  on({ 'InsertLeave', 'BufLeave', 'TextChangedP' }, leave)
end

---@param buffer integer
function M.detach(buffer)
  clients[buffer] = nil
  vim.api.nvim_create_augroup('codegen.own.' .. buffer, {})
  leave()
end

--- Asks anew: the model has become ready.
function M.retry()
  leave()
  if vim.startswith(vim.api.nvim_get_mode().mode, 'i') then
    follow()
  end
end

--- Follows a change of codegen.enabled.
M.refresh = M.retry

return M
