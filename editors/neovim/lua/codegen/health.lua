--- `:checkhealth codegen`. It may wait for the server's command, for people wait for it, too.

local options = require('codegen.options')

local M = {}

local TIMEOUT_MS = 10000

---@param cmd string[]|function
local function check_command(cmd)
  if type(cmd) == 'function' then
    vim.health.ok('the server is a function of your configuration')
    return
  elseif vim.fn.executable(cmd[1]) == 0 then
    vim.health.error(('there is no command %s'):format(cmd[1]), {
      'install codegen-lsp (its README.md says how), and put the command on PATH',
      vim.lsp.config
          and "or name it: vim.lsp.config('codegen_lsp', { cmd = { '/path/to/codegen-lsp', 'lsp' } })"
        or "or name it: require('codegen').setup({ cmd = { '/path/to/codegen-lsp', 'lsp' } })",
    })
    return
  end
  vim.health.ok(('%s is %s'):format(cmd[1], vim.fn.exepath(cmd[1])))
  if vim.fs.basename(cmd[1]) == 'codegen-lsp' then
    local done = vim.system({ cmd[1], '--version' }, { text = true }):wait(TIMEOUT_MS)
    local report = done.code == 0 and vim.health.ok or vim.health.error
    report(vim.trim(done.stdout .. done.stderr))
  end
end

local function check_servers()
  local clients = vim.lsp.get_clients({ name = 'codegen_lsp' })
  if #clients == 0 then
    vim.health.warn('no server is running; it starts with the first file that is opened', {
      "Neovim 0.11 and newer: vim.lsp.enable('codegen_lsp')",
      "Neovim 0.10: require('codegen').setup()",
    })
  end
  for _, client in ipairs(clients) do
    local status = require('codegen.status').of(client)
    local report = vim.list_contains({ 'Warning', 'Error' }, status.kind) and 'warn' or 'ok'
    vim.health[report](
      ('server %d in %s: %s'):format(
        client.id,
        client.config.root_dir or 'no folder',
        status.message ~= '' and status.message or 'ready'
      )
    )
  end
end

local function check_keys()
  for action, key in vim.spairs(options.get().keys) do
    if key then
      local global = vim.fn.maparg(key, 'i', false, true)
      local other = next(global) and not vim.startswith(global.desc or '', 'codegen-lsp: ')
      vim.health.info(
        ('%s: %s%s'):format(
          action,
          key,
          other and ' (otherwise: ' .. (global.desc or global.rhs or 'a function') .. ')' or ''
        )
      )
    end
  end
end

function M.check()
  vim.health.start('codegen: Neovim')
  if vim.fn.has('nvim-0.10') == 0 then
    vim.health.error('Neovim 0.10 or newer is needed')
    return
  end
  local who = options.uses_builtin() and "Neovim's own client shows" or 'the plugin itself shows'
  vim.health.ok(('Neovim %s; %s suggestions'):format(vim.version(), who))
  vim.health.start('codegen: server')
  local configured = vim.lsp.config and vim.lsp.config.codegen_lsp
  check_command((configured or require('codegen.server').config()).cmd)
  check_servers()
  vim.health.start('codegen: keys in insert mode')
  check_keys()
end

return M
