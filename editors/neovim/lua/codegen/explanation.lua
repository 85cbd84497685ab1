--- Shows why there is a suggestion, or none, in a floating window.

local M = {}

---@param value any
---@return boolean whether there is something to tell
local function is_told(value)
  return value ~= nil and value ~= vim.NIL and value ~= '' and not vim.deep_equal(value, {})
end

--- The lines of an explanation, the most telling first.
---@param explained table what `codegen/explain` answers
---@return string[]
function M.lines(explained)
  local lines = { explained.summary, '' }
  for _, name in ipairs({ 'reason', 'source', 'trigger', 'confidence', 'filteredBy' }) do
    if is_told(explained[name]) then
      local value = explained[name]
      local text = type(value) == 'table' and vim.inspect(value) or tostring(value)
      vim.list_extend(lines, vim.split(name .. ': ' .. text, '\n', { plain = true }))
    end
  end
  for _, name in ipairs({ 'tokens', 'timingsMs', 'context', 'model', 'workspace' }) do
    if is_told(explained[name]) then
      local text = name .. ': ' .. vim.inspect(explained[name])
      vim.list_extend(lines, vim.split(text, '\n', { plain = true }))
    end
  end
  return lines
end

---@param explained table
function M.open(explained)
  vim.lsp.util.open_floating_preview(M.lines(explained), 'text', {
    border = 'rounded',
    focus_id = 'codegen.explain',
    wrap = true,
  })
end

return M
