--- Where Neovim 0.10 differs from its successors.

local M = {}

local IS_OLD = vim.fn.has('nvim-0.11') == 0

--- Calls a method of a client: `client.request(...)` once, `client:request(...)` since 0.11.
---@param client vim.lsp.Client
---@param method string such as 'request' or 'notify'
function M.call(client, method, ...)
  if IS_OLD then
    return client[method](...)
  end
  return client[method](client, ...)
end

---@param line string
---@param character integer in units of `encoding`, beyond the end meaning the end
---@param encoding string utf-8, utf-16 or utf-32
---@return integer byte index
function M.byte_index(line, character, encoding)
  if encoding == 'utf-8' then
    return math.min(character, #line)
  elseif not IS_OLD then
    return vim.str_byteindex(line, encoding, character, false)
  end
  local utf32, utf16 = vim.str_utfindex(line)
  local is_utf16 = encoding == 'utf-16'
  return vim.str_byteindex(line, math.min(character, is_utf16 and utf16 or utf32), is_utf16)
end

---@param text string
---@return integer its length in UTF-16 units
function M.utf16_length(text)
  if not IS_OLD then
    return vim.str_utfindex(text, 'utf-16')
  end
  local _, utf16 = vim.str_utfindex(text)
  return utf16
end

return M
