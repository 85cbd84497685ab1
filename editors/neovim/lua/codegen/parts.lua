--- Which part of a suggestion is taken at once; pure functions.

local M = {}

-- Bytes of all characters beyond ASCII count as letters.
local WORD = '[%w_\128-\255]'
local SIGN = '[^%w_%s\128-\255]'

--- The next word or run of signs, with the white space before it.
---@param text string
---@return string
function M.word(text)
  return text:match('^%s*' .. WORD .. '+') or text:match('^%s*' .. SIGN .. '+') or text
end

--- The rest of the line; at its end, the line below.
---@param text string
---@return string
function M.line(text)
  return text:match('^\n*[^\n]+') or text
end

---@param text string
---@return string all of it
function M.all(text)
  return text
end

return M
