--- Keys in insert mode. Where no suggestion is shown a key does what it did before: an earlier
--- mapping, or itself. With Alt it then does nothing: without a mapping Neovim would leave insert
--- mode.
---
--- The mappings are global. Completion menus map theirs over them, some in each buffer, and have to
--- ask for ghost text themselves (`:help codegen-menus`).

local options = require('codegen.options')

local M = {}

local DESCRIPTIONS = {
  accept = 'accept the suggestion',
  accept_word = "accept the suggestion's next word",
  accept_line = "accept the suggestion's next line",
  next = 'show the next candidate',
  previous = 'show the previous candidate',
  dismiss = 'dismiss the suggestion',
  trigger = 'ask for suggestions',
}

---@param keys string in Vim's notation
---@return string
local function raw(keys)
  return vim.api.nvim_replace_termcodes(keys, true, true, true)
end

-- Expands an abbreviation, as a key that is typed does and one that is fed does not.
local EXPAND = raw('<C-]>')

---@param key string
---@return table? global mapping of `key`
local function mapping_of(key)
  for _, mapping in ipairs(vim.api.nvim_get_keymap('i')) do
    if raw(mapping.lhs) == raw(key) then
      return mapping
    end
  end
end

---@param keys string as a mapping gives them
---@param remap boolean
local function feed(keys, remap)
  vim.api.nvim_feedkeys(keys, remap and 'im' or 'in', false)
end

--- Does what `mapping` does.
---@param mapping table
local function run(mapping)
  local remap = mapping.noremap == 0
  if mapping.expr == 0 and mapping.callback then
    mapping.callback()
  elseif mapping.expr == 0 then
    feed(raw(mapping.rhs), remap)
  else
    local keys = mapping.callback and mapping.callback() or vim.api.nvim_eval(mapping.rhs)
    if type(keys) == 'string' then
      feed(mapping.replace_keycodes == 1 and raw(keys) or keys, remap)
    end
  end
end

---@param action string
---@param key string
local function map(action, key)
  local earlier = mapping_of(key)
  vim.keymap.set('i', key, function()
    if require('codegen')[action]() then
      return
    elseif earlier then
      run(earlier)
    elseif not vim.startswith(key, '<M-') then
      local is_menu = vim.fn.pumvisible() == 1 -- in one of tags it would choose
      feed((is_menu and '' or EXPAND) .. raw(key), false)
    end
  end, { desc = 'codegen-lsp: ' .. DESCRIPTIONS[action] })
end

local is_mapped = false

--- Maps the keys, once.
function M.map()
  if is_mapped then
    return
  end
  is_mapped = true
  for action, key in pairs(options.get().keys) do
    if key then
      map(action, key)
    end
  end
end

return M
