--- The plugin's own options; how the server suggests is decided by the server's settings.

local M = {}

---@class codegen.Options
---@field ghost_text 'auto'|'builtin'|'own' who draws: Neovim 0.12's client, or this plugin
---@field debounce_ms integer how long the own ghost text waits for the next key
---@field keys table<string, string|false> insert-mode key of each action; false for none
---@field cmd? string[] what starts the server
---@field settings table the server's settings, by their names in camelCase

---@type codegen.Options
local defaults = {
  ghost_text = 'auto',
  debounce_ms = 25,
  keys = {
    accept = '<Tab>',
    accept_word = '<M-Right>',
    accept_line = '<M-C-Right>',
    next = '<M-]>',
    previous = '<M-[>',
    dismiss = '<C-]>',
    trigger = '<M-Bslash>',
  },
  settings = {},
}

local options = defaults

---@return codegen.Options
function M.get()
  return options
end

---@param given? table overrides defaults, key by key
function M.set(given)
  options = vim.tbl_deep_extend('force', defaults, given or {})
end

---@return boolean whether Neovim's own client shows the suggestions
function M.uses_builtin()
  return options.ghost_text ~= 'own' and vim.lsp.inline_completion ~= nil
end

return M
