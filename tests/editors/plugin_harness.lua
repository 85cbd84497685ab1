-- What the plugin's cases (plugin_cases.lua) need beyond harness.lua: the plugin of editors/neovim,
-- started as its README says, and its keys.

local here = vim.fs.dirname(debug.getinfo(1, 'S').source:sub(2))
local M = dofile(vim.fs.joinpath(here, 'harness.lua'))

local PLUGIN = vim.fs.joinpath(vim.fs.dirname(vim.fs.dirname(here)), 'editors', 'neovim')
local HAS_ENABLE = vim.fn.has('nvim-0.11') == 1

M.is_builtin = vim.env.CODEGEN_LSP_TEST_GHOST == 'builtin'
M.look_at(M.is_builtin and 'nvim.lsp.inline_completion' or 'codegen')

--- Finds the plugin, as a plugin manager makes Neovim do.
function M.load()
  vim.opt.runtimepath:prepend(PLUGIN)
  vim.cmd.runtime('plugin/codegen.lua')
end

--- A server within Neovim that forgets no request: `cmd`, and the answers that nobody has had yet.
function M.slow_server()
  local waiting, count = {}, 0
  local function request(method, _, answer)
    count = count + 1
    if method == 'textDocument/inlineCompletion' then
      table.insert(waiting, answer)
    elseif method == 'initialize' then
      local sync = { openClose = true, change = 1 }
      answer(nil, { capabilities = { inlineCompletionProvider = true, textDocumentSync = sync } })
    else
      answer(nil, vim.NIL)
    end
    return true, count
  end
  local function cmd(dispatchers)
    local is_closing = false
    return {
      request = request,
      notify = function(method)
        if method == 'initialized' then
          local ready = { kind = 'Normal', busy = false, message = 'ready' }
          dispatchers.notification('didChangeStatus', ready)
        end
        return true
      end,
      is_closing = function()
        return is_closing
      end,
      terminate = function()
        is_closing = true
        dispatchers.on_exit(0, 0)
      end,
    }
  end
  return cmd, waiting
end

--- Starts the server for files, in the way that this Neovim has.
local function start(cmd)
  cmd = cmd or vim.json.decode(vim.env.CODEGEN_LSP_TEST_SERVER)
  local encoding = vim.env.CODEGEN_LSP_TEST_ENCODING
  if not M.is_builtin and vim.lsp.inline_completion then
    require('codegen.options').set({ ghost_text = 'own' })
  end
  if HAS_ENABLE then
    local general = encoding and { positionEncodings = { encoding } }
    vim.lsp.config('codegen_lsp', { cmd = cmd, capabilities = { general = general } })
    vim.lsp.enable('codegen_lsp')
  else
    require('codegen').setup({ cmd = cmd })
  end
end

--- Whether the server's model is ready.
local function is_ready()
  M.client = vim.lsp.get_clients({ name = 'codegen_lsp' })[1]
  local status = M.client and M.client.initialized and require('codegen.status').of(M.client)
  return status and status.kind == 'Normal' and not status.busy
end

--- Opens a Python file of these lines, with that server (by default the scripted one).
function M.edit(lines, cmd)
  vim.fn.writefile(lines, 'sample.py')
  vim.o.swapfile = false
  M.load()
  start(cmd)
  vim.cmd.edit('sample.py')
end

--- Opens a Python file of these lines, with the plugin at work; the model is ready, unless
--- `is_loading` in `options` says that nobody waits for it. `cmd` there is another server.
function M.open(lines, options)
  M.edit(lines, options and options.cmd)
  if not (options and options.is_loading) then
    M.wait_for('the model', is_ready, M.PATIENCE_OF_START_MS)
  end
  M.wait_for('the keys', function()
    return vim.fn.maparg('<M-Right>', 'i') ~= ''
  end)
end

function M.lines()
  return vim.api.nvim_buf_get_lines(0, 0, -1, false)
end

--- Waits until the buffer has these lines.
function M.wait_for_lines(lines)
  M.wait_for(vim.inspect(lines), function()
    return vim.deep_equal(M.lines(), lines)
  end)
end

--- The cursor's position as the server knows it.
function M.position()
  return vim.lsp.util.make_position_params(0, M.client.offset_encoding).position
end

--- Waits until the server says that this became of what it suggested at `position`.
function M.wait_for_outcome(position, outcome, length)
  M.wait_for('the outcome ' .. outcome, function()
    local suggestion = (M.explain(position).suggestions or {})[1] or {}
    return suggestion.outcome == outcome and (not length or suggestion.acceptedLength == length)
  end)
end

--- Catches what the plugin says.
function M.messages()
  local said = {}
  vim.notify = function(message)
    table.insert(said, message)
  end
  return said
end

return M
