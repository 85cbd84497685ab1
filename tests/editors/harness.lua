-- What the cases (cases.lua, plugin_cases.lua) are written with: Neovim's built-in client, keys as
-- a person types them, and waiting for what is to be seen. A case runs as a coroutine, so that
-- Neovim's main loop goes on in insert mode while it waits.

local M = {}

local METHOD = 'textDocument/inlineCompletion'
-- Where ghost text is; the plugin's cases say where theirs is.
local namespace = vim.api.nvim_create_namespace('nvim.lsp.inline_completion')
-- A start on a busy machine included, and the real model's.
M.PATIENCE_OF_START_MS = 120 * 1000
local PATIENCE_MS = tonumber(vim.env.CODEGEN_LSP_TEST_PATIENCE_MS) or 30 * 1000

local status
vim.lsp.handlers['didChangeStatus'] = function(_, params)
  status = params
end

-- Every ghost text in the order of its showing, also one that was gone before anybody looked.
local shown = {}
local set_extmark = vim.api.nvim_buf_set_extmark
vim.api.nvim_buf_set_extmark = function(buffer, where, row, column, options)
  local id = set_extmark(buffer, where, row, column, options)
  if where == namespace and M.ghost() then
    table.insert(shown, M.ghost())
  end
  return id
end

local requests = { pending = 0, complete = 0, cancel = 0 }
vim.api.nvim_create_autocmd('LspRequest', {
  callback = function(event)
    local request = event.data.request
    if request.method == METHOD then
      requests[request.type] = requests[request.type] + 1
    end
  end,
})

--- Goes on as soon as `condition` holds; fails with `what` if it does not within `patience_ms`.
function M.wait_for(what, condition, patience_ms)
  local case = coroutine.running()
  local deadline = vim.uv.now() + (patience_ms or PATIENCE_MS)
  while not condition() do
    if vim.uv.now() > deadline then
      error(('waited in vain for %s; %s'):format(what, M.scene()), 0)
    end
    vim.defer_fn(function()
      M.resume(case)
    end, 10)
    coroutine.yield()
  end
end

function M.equal(what, expected, actual)
  if not vim.deep_equal(expected, actual) then
    error(('%s: expected %s; %s'):format(what, vim.inspect(expected), M.scene()), 0)
  end
end

--- The ghost text that the screen shows and the byte column it begins at, or nil.
function M.ghost()
  local mark = vim.api.nvim_buf_get_extmarks(0, namespace, 0, -1, { details = true })[1]
  if not mark then
    return nil
  end
  local lines = { mark[4].virt_text[1][1] }
  for _, line in ipairs(mark[4].virt_lines or {}) do
    table.insert(lines, line[1][1])
  end
  local text = table.concat(lines, '\n')
  return text ~= '' and { line = mark[2], column = mark[3], text = text } or nil
end

--- Ghost text is what has this namespace.
function M.look_at(name)
  namespace = vim.api.nvim_create_namespace(name)
end

--- Waits so long; only to see that something does not happen.
function M.pause(milliseconds)
  local over = false
  vim.defer_fn(function()
    over = true
  end, milliseconds)
  M.wait_for('a timer', function()
    return over
  end)
end

--- Waits until exactly `text` is shown at the cursor.
function M.wait_for_ghost(text)
  M.wait_for('the ghost text ' .. vim.inspect(text), function()
    local cursor = vim.api.nvim_win_get_cursor(0)
    return vim.deep_equal(M.ghost(), { line = cursor[1] - 1, column = cursor[2], text = text })
  end)
end

--- Waits until `count` requests have been sent in all, and every one is answered.
function M.wait_for_quiet(count)
  M.wait_for(count .. ' requests and their answers', function()
    return requests.pending >= count and requests.complete == requests.pending
  end)
end

function M.wait_for_file(path)
  M.wait_for('the file ' .. path, function()
    return vim.uv.fs_stat(path) ~= nil
  end)
end

--- Opens a Python file of these lines, with the server attached to it and its model ready.
function M.open(lines, options)
  vim.fn.writefile(lines, 'sample.py')
  vim.o.swapfile = false
  vim.cmd.edit('sample.py')
  M.client = assert(vim.lsp.get_client_by_id(assert(vim.lsp.start({
    name = 'codegen-lsp',
    cmd = vim.json.decode(vim.env.CODEGEN_LSP_TEST_SERVER),
    root_dir = vim.fn.getcwd(),
  }))))
  vim.lsp.inline_completion.enable(not (options and options.disabled))
  M.wait_for('the model', function()
    return M.client.initialized and status and status.kind == 'Normal' and not status.busy
  end, M.PATIENCE_OF_START_MS)
end

--- Types `keys`, in Vim's notation; they have arrived when this returns.
function M.type(keys)
  M.typed = false
  vim.keymap.set({ 'n', 'i' }, '<F13>', function()
    M.typed = true
  end)
  vim.api.nvim_input(keys .. '<F13>')
  M.wait_for('the keys ' .. keys, function()
    return M.typed
  end)
end

--- Accepts what is shown; the buffer then has these lines, and the server knows of it.
function M.accept(lines)
  M.equal('accepting', true, vim.lsp.inline_completion.get())
  M.wait_for(vim.inspect(lines), function()
    return vim.deep_equal(vim.api.nvim_buf_get_lines(0, 0, -1, false), lines)
  end)
  M.wait_for('the server to know', function()
    return vim.iter(M.explain().suggestions or {}):any(function(suggestion)
      return suggestion.outcome == 'accepted'
    end)
  end)
end

--- Sends a request of the case's own, in Neovim 0.10, too.
function M.request(method, params, on_answer)
  if vim.fn.has('nvim-0.11') == 0 then
    M.client.request(method, params, on_answer, 0)
  else
    M.client:request(method, params, on_answer, 0)
  end
end

--- What the server says of its latest answer, or of that for `position`.
function M.explain(position)
  local document = vim.lsp.util.make_text_document_params(0)
  local answer
  local function on_answer(err, result)
    answer = result or { error = err }
  end
  M.request('codegen/explain', { textDocument = document, position = position }, on_answer)
  M.wait_for('an explanation', function()
    return answer
  end)
  return answer
end

function M.requests()
  return requests
end

function M.shown()
  return shown
end

function M.scene()
  local log = vim.fs.joinpath(vim.fn.stdpath('log'), 'lsp.log')
  return vim.inspect({
    buffer = vim.api.nvim_buf_get_lines(0, 0, -1, false),
    cursor = vim.api.nvim_win_get_cursor(0),
    mode = vim.api.nvim_get_mode().mode,
    ghost = M.ghost(),
    shown = shown,
    requests = requests,
    status = status,
    clients = vim.tbl_count(vim.lsp.get_clients()),
    log = vim.uv.fs_stat(log) and vim.fn.readfile(log, '', -9),
  })
end

--- Lets a case go on; a failure or its end quits Neovim.
function M.resume(case)
  local is_well, failure = coroutine.resume(case)
  if not is_well then
    io.stderr:write(tostring(failure), '\n')
    vim.cmd('cquit 1')
  elseif coroutine.status(case) == 'dead' then
    vim.cmd('qall!')
  end
end

return M
