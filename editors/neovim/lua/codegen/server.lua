--- How the server is started; what it says of itself goes to codegen.status.

local options = require('codegen.options')

local M = {}

M.NAME = 'codegen_lsp'

--- The server's one question is whether to fetch the model. As a prompt it would take the keys that
--- are being typed, and so would a message of two lines.
local function on_question()
  vim.notify('codegen-lsp: there is no model yet; :CodegenFetch fetches it', vim.log.levels.WARN)
  return vim.NIL
end

---@return table configuration for `vim.lsp.config` or `vim.lsp.start`
function M.config()
  local version = tostring(vim.version())
  local capabilities = vim.lsp.protocol.make_client_capabilities()
  capabilities.textDocument.inlineCompletion = { dynamicRegistration = false }
  return {
    name = M.NAME,
    cmd = options.get().cmd or { 'codegen-lsp', 'lsp' },
    root_markers = { '.codegen-lsp.toml', '.git', 'pyproject.toml' },
    capabilities = capabilities,
    -- With `editorInfo` the server also tells of each request that keeps the model busy.
    init_options = {
      editorInfo = { name = 'Neovim', version = version },
      editorPluginInfo = { name = 'codegen-lsp', version = version },
    },
    settings = { ['codegen-lsp'] = options.get().settings },
    handlers = {
      didChangeStatus = function(_, params, context)
        if require('codegen.status').update(context.client_id, params) then
          require('codegen.attach').engine().retry()
        end
      end,
      ['window/showMessageRequest'] = on_question,
    },
  }
end

---@param cmd string[]|function
---@return boolean whether there is such a command; if not, that is said
local function is_runnable(cmd)
  if type(cmd) == 'function' or vim.fn.executable(cmd[1]) == 1 then
    return true
  end
  local message = 'codegen-lsp: there is no command %s; see :checkhealth codegen'
  vim.schedule(function()
    vim.notify(message:format(cmd[1]), vim.log.levels.WARN)
  end)
  return false
end

local is_checked = false

--- Looks once, soon, for the command of `vim.lsp.config`: Neovim says nothing where there is none.
function M.check()
  if not is_checked then
    is_checked = true
    vim.schedule(function()
      is_runnable(vim.lsp.config[M.NAME].cmd)
    end)
  end
end

--- Starts the server for buffers that are files, as `vim.lsp.enable` does from Neovim 0.11 on.
function M.enable()
  if vim.lsp.enable then
    vim.lsp.enable(M.NAME)
    return
  end
  if not is_runnable(M.config().cmd) then
    return
  end
  local function start(buffer)
    if vim.bo[buffer].buftype == '' then
      local config = M.config()
      config.root_dir = vim.fs.root(buffer, config.root_markers)
      vim.lsp.start(config, { bufnr = buffer })
    end
  end
  vim.api.nvim_create_autocmd('FileType', {
    group = vim.api.nvim_create_augroup('codegen.start', {}),
    callback = function(event)
      start(event.buf)
    end,
  })
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(buffer) and vim.bo[buffer].filetype ~= '' then
      start(buffer)
    end
  end
end

return M
