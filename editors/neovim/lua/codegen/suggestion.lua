--- A suggestion in its buffer: where it belongs, what is left of it, and taking it over. Both ways
--- of showing (codegen.own, codegen.builtin) rest on this; nothing is drawn or asked here.

local compat = require('codegen.compat')

local M = {}

---@class codegen.Suggestion
---@field item table the LSP's inline completion item
---@field client_id integer
---@field buffer integer
---@field row integer from 0
---@field before string the line up to where the text begins
---@field text string what is to stand there
---@field after string the line behind the cursor
---@field replaced integer bytes of `after` that the text brings itself
---@field taken integer UTF-16 units of the item's text that lie before `text`

--- The cursor's row from 0, and its line before and behind it.
---@return integer row
---@return string before
---@return string after
function M.place()
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  local line = vim.api.nvim_get_current_line()
  return row - 1, line:sub(1, column), line:sub(column + 1)
end

--- Reads an item that was answered for the cursor where it is now.
---@param item table
---@param client vim.lsp.Client
---@return codegen.Suggestion? nil where it is not about the cursor's line
function M.read(item, client)
  local row, before, after = M.place()
  local line = before .. after
  local first, last = #before, #before
  if item.range then
    if item.range.start.line ~= row or item.range['end'].line ~= row then
      return nil
    end
    first = compat.byte_index(line, item.range.start.character, client.offset_encoding)
    last = compat.byte_index(line, item.range['end'].character, client.offset_encoding)
  end
  if first > #before or last < #before then
    return nil
  end
  return {
    item = item,
    client_id = client.id,
    buffer = vim.api.nvim_get_current_buf(),
    row = row,
    before = before:sub(1, first),
    text = item.insertText,
    after = after,
    replaced = last - #before,
    taken = 0,
  }
end

--- What is left of the suggestion at the cursor, behind what was typed along with it.
---@param suggestion codegen.Suggestion
---@return string? rest nil if it does not fit any more, or nothing is left
function M.rest(suggestion)
  if suggestion.buffer ~= vim.api.nvim_get_current_buf() then
    return nil
  end
  local row, before, after = M.place()
  if row ~= suggestion.row or after ~= suggestion.after then
    return nil
  end
  if not vim.startswith(before, suggestion.before) then
    return nil
  end
  local typed = before:sub(#suggestion.before + 1)
  if not vim.startswith(suggestion.text, typed) or #typed == #suggestion.text then
    return nil
  end
  return suggestion.text:sub(#typed + 1)
end

--- Writes a part of what is left into the buffer.
---@param suggestion codegen.Suggestion which fits
---@param part fun(text: string): string of codegen.parts
---@return codegen.Suggestion? rest as a suggestion of its own; nil if nothing is left
function M.take(suggestion, part)
  local rest = assert(M.rest(suggestion))
  local text = part(rest)
  local is_all = text == rest
  local row, before = M.place()
  local replaced = is_all and suggestion.replaced or 0
  local lines = vim.split(text, '\n', { plain = true })
  vim.go.undolevels = vim.go.undolevels -- so that undoing takes it back alone
  vim.api.nvim_buf_set_text(suggestion.buffer, row, #before, row, #before + replaced, lines)
  local column = (#lines == 1 and #before or 0) + #lines[#lines]
  vim.api.nvim_win_set_cursor(0, { row + #lines, column })
  if is_all then
    return nil
  end
  local row_now, before_now = M.place()
  local left = rest:sub(#text + 1)
  return vim.tbl_extend('force', suggestion, {
    row = row_now,
    before = before_now,
    text = left,
    taken = compat.utf16_length(suggestion.item.insertText) - compat.utf16_length(left),
  })
end

return M
