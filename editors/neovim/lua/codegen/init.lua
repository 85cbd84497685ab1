--- The plugin's functions for a user's configuration. `:help codegen` has them all.

local M = {}

--- Takes options over, and starts the server for every file. Neovim 0.11 and newer do without:
--- there `vim.lsp.enable('codegen_lsp')` suffices.
---@param given? table see `:help codegen-options`
function M.setup(given)
  require('codegen.options').set(given)
  require('codegen.server').enable()
end

local function engine()
  return require('codegen.attach').engine()
end

--- Does something with the suggestion that is shown; where the text must not be changed right now,
--- as in an expression mapping, right after.
---@param act fun(engine: table)
---@return boolean whether one is shown
local function with_suggestion(act)
  if not M.is_visible() then
    return false
  end
  local is_done, problem = pcall(act, engine())
  if not is_done and tostring(problem):find('E565', 1, true) then
    vim.schedule(function()
      if M.is_visible() then
        act(engine())
      end
    end)
  elseif not is_done then
    error(problem, 0)
  end
  return true
end

---@param part string of codegen.parts
---@return fun(): boolean
local function accepting(part)
  return function()
    return with_suggestion(function(shown)
      shown.accept(require('codegen.parts')[part])
    end)
  end
end

---@param step integer
---@return fun(): boolean
local function selecting(step)
  return function()
    return with_suggestion(function(shown)
      shown.select(step)
    end)
  end
end

--- These return whether a suggestion is shown; otherwise they do nothing.
M.accept = accepting('all')
M.accept_word = accepting('word')
M.accept_line = accepting('line')
M.next = selecting(1)
M.previous = selecting(-1)

---@return boolean
function M.dismiss()
  return with_suggestion(function(shown)
    shown.dismiss()
  end)
end

--- Asks for suggestions at the cursor.
---@return boolean true: the key has done its work
function M.trigger()
  engine().trigger()
  return true
end

---@return boolean whether a suggestion is shown, and no completion menu that has the keys
function M.is_visible()
  return vim.fn.pumvisible() == 0 and engine().is_visible()
end

---@return string for the statusline; empty where the server is not attached
function M.statusline()
  return require('codegen.status').line()
end

return M
