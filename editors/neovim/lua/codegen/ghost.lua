--- Draws ghost text of our own. The screen shows what the lines would be once all is accepted.

local M = {}

local NAMESPACE = vim.api.nvim_create_namespace('codegen')
local TEXT = 'CodegenGhost'

-- ComplHint came with Neovim 0.12.
local look = vim.fn.hlexists('ComplHint') == 1 and 'ComplHint' or 'NonText'
vim.api.nvim_set_hl(0, TEXT, { default = true, link = look })

--- Virtual text shows tabs as ^I: they become spaces.
---@param text string
---@param column integer of the screen at which it begins
---@return string
local function untabbed(text, column)
  local width = vim.bo.tabstop
  return (
    text:gsub('([^\t]*)\t', function(head)
      local filled = vim.fn.strdisplaywidth(head, column)
      local gap = width - (column + filled) % width
      column = column + filled + gap
      return head .. (' '):rep(gap)
    end)
  )
end

--- Cuts `text` at the characters of `kept`, which stay where they are on the screen.
---@param text string one line
---@param kept string
---@return [integer, string][]? pieces, each with the bytes of `kept` before it; nil if they differ
local function woven(text, kept)
  local pieces, piece, index = {}, '', 1
  for _, character in ipairs(vim.fn.split(text, '\\zs')) do
    if index <= #kept and vim.startswith(kept:sub(index), character) then
      table.insert(pieces, { index - 1, piece })
      piece, index = '', index + #character
    else
      piece = piece .. character
    end
  end
  table.insert(pieces, { index - 1, piece })
  return index > #kept and pieces or nil
end

---@param buffer integer
---@param row integer
---@param column integer in bytes
---@param text string
---@param options table of the extmark
local function put(buffer, row, column, text, options)
  options.virt_text = { { text, TEXT } }
  options.hl_mode = 'combine'
  vim.api.nvim_buf_set_extmark(buffer, NAMESPACE, row, column, options)
end

---@param suggestion codegen.Suggestion
---@param rest string what is left of it
function M.draw(suggestion, rest)
  local buffer, row = suggestion.buffer, suggestion.row
  M.clear(buffer)
  local column = vim.api.nvim_win_get_cursor(0)[2]
  local lines = vim.split(rest, '\n', { plain = true })
  lines[1] = untabbed(lines[1], vim.fn.virtcol('.') - 1)
  local tail = suggestion.after:sub(suggestion.replaced + 1)
  local pieces = #lines == 1 and woven(lines[1], suggestion.after:sub(1, suggestion.replaced))
  if pieces then
    for _, piece in ipairs(pieces) do
      if piece[2] ~= '' then
        put(buffer, row, column + piece[1], piece[2], { virt_text_pos = 'inline' })
      end
    end
    return
  end
  lines[#lines] = lines[#lines] .. tail
  local below = {}
  for index = 2, #lines do
    table.insert(below, { { untabbed(lines[index], 0), TEXT } })
  end
  -- What stands behind the cursor moves: it is covered here and shown again behind the text.
  local hidden = vim.fn.strdisplaywidth(suggestion.after) - vim.fn.strdisplaywidth(lines[1])
  put(buffer, row, column, lines[1] .. (' '):rep(hidden), {
    virt_text_pos = suggestion.after == '' and 'inline' or 'overlay',
    virt_lines = below,
  })
end

---@param buffer integer
function M.clear(buffer)
  if vim.api.nvim_buf_is_valid(buffer) then
    vim.api.nvim_buf_clear_namespace(buffer, NAMESPACE, 0, -1)
  end
end

return M
