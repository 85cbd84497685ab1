--- What the commands do; their answers come when they come.

local attach = require('codegen.attach')
local compat = require('codegen.compat')
local enabled = require('codegen.enabled')
local explanation = require('codegen.explanation')

local M = {}

---@param message string
---@param level? integer
local function say(message, level)
  vim.notify('codegen-lsp: ' .. message, level or vim.log.levels.INFO)
end

--- Does something with the server of this buffer, or says that there is none.
---@param act fun(client: vim.lsp.Client)
local function with_client(act)
  local client = vim.lsp.get_clients({ bufnr = 0, name = 'codegen_lsp' })[1]
  if client then
    act(client)
  else
    say('no server is attached to this buffer; see :checkhealth codegen', vim.log.levels.WARN)
  end
end

---@param client vim.lsp.Client
---@param on_answer fun(result: table)
local function ask_why(client, on_answer)
  local params = { textDocument = vim.lsp.util.make_text_document_params(0) }
  compat.call(client, 'request', 'codegen/explain', params, function(err, result)
    if err then
      say(err.message, vim.log.levels.ERROR)
    else
      on_answer(result)
    end
  end, vim.api.nvim_get_current_buf())
end

function M.CodegenStatus()
  with_client(function(client)
    local is_on = enabled.is_on(vim.api.nvim_get_current_buf())
    ask_why(client, function(result)
      say(table.concat({
        ('model %s is %s'):format(result.model.name, result.model.state),
        'suggestions are ' .. (is_on and 'on' or 'off'),
        result.summary,
      }, '; '))
    end)
  end)
end

---@param scope ''|'buffer'|'filetype'
function M.CodegenToggle(scope)
  if not vim.list_contains({ '', 'buffer', 'filetype' }, scope) then
    say(scope .. ' is neither buffer nor filetype', vim.log.levels.ERROR)
    return
  end
  say(enabled.toggle(scope))
  attach.engine().refresh()
end

function M.CodegenExplain()
  with_client(function(client)
    ask_why(client, explanation.open)
  end)
end

function M.CodegenDocstring()
  with_client(function()
    local kind = 'refactor.rewrite.docstring'
    vim.lsp.buf.code_action({ context = { only = { kind }, diagnostics = {} }, apply = true })
  end)
end

function M.CodegenFetch()
  with_client(function(client)
    local params = { command = 'codegen.fetchModel', arguments = {} }
    compat.call(client, 'request', 'workspace/executeCommand', params, function(err)
      say(err and err.message or 'the model is being fetched', err and vim.log.levels.ERROR)
    end, vim.api.nvim_get_current_buf())
  end)
end

return M
