--- How the server is started; what it says of itself goes to codegen.status.

local options = require('codegen.options')

local M = {}

M.NAME = 'codegen_lsp'

--- The offer to fetch the model would be a prompt in the middle of typing: it becomes a message.
local function on_question(_, params)
  vim.notify(params.message .. ' (:CodegenFetch fetches it)', vim.log.levels.WARN)
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

--- Starts the server for buffers that are files, as `vim.lsp.enable` does from Neovim 0.11 on.
function M.enable()
  if vim.lsp.enable then
    vim.lsp.enable(M.NAME)
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
