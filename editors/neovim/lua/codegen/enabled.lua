--- Whether suggestions are wanted: everywhere, in a filetype, in a buffer.

local M = {}

local is_on = true
local filetypes_off = {} ---@type table<string, boolean>
local buffers_off = {} ---@type table<integer, boolean>

---@param buffer integer
---@return boolean
function M.is_on(buffer)
  return is_on and not filetypes_off[vim.bo[buffer].filetype] and not buffers_off[buffer]
end

--- Turns suggestions off, or on again where they are off.
---@param scope ''|'buffer'|'filetype' the current ones
---@return string message what holds now
function M.toggle(scope)
  local buffer = vim.api.nvim_get_current_buf()
  local filetype = vim.bo[buffer].filetype
  local is_off
  if scope == 'buffer' then
    buffers_off[buffer] = not buffers_off[buffer] or nil
    is_off, scope = buffers_off[buffer], 'in this buffer'
  elseif scope == 'filetype' then
    filetypes_off[filetype] = not filetypes_off[filetype] or nil
    is_off, scope = filetypes_off[filetype], 'in files of the type ' .. filetype
  else
    is_on = not is_on
    is_off, scope = not is_on, 'everywhere'
  end
  return ('suggestions are %s %s'):format(is_off and 'off' or 'on', scope)
end

return M
