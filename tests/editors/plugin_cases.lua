-- What a person does with the plugin of editors/neovim and sees of it; test_neovim_plugin.py runs
-- one case in one Neovim, as test_neovim.py does with cases.lua.

local folder = vim.fs.dirname(debug.getinfo(1, 'S').source:sub(2))
local h = dofile(vim.fs.joinpath(folder, 'plugin_harness.lua'))

local menus = dofile(vim.fs.joinpath(folder, 'menus.lua'))

local cases = {}

local TOTAL = [[# scripted: text="left + right"]]

function cases.accepted_with_tab()
  h.open({ TOTAL, 'total =' })
  h.type('GA ')
  h.wait_for_ghost('left + right')
  local asked = h.position()
  h.wait_for_outcome(asked, 'shown')
  h.type('<Tab>')
  h.wait_for_lines({ TOTAL, 'total = left + right' })
  h.equal('cursor', { 2, #'total = left + right' }, vim.api.nvim_win_get_cursor(0))
  h.wait_for_outcome(asked, 'accepted')
  h.type('<Esc>u')
  h.equal('undone', 'total = ', h.lines()[2])
end

function cases.several_lines()
  local script = [[# scripted: text="[\n    1,\n]"]]
  h.open({ script, 'numbers =' })
  h.type('GA ')
  h.wait_for_ghost('[\n    1,\n]')
  h.type('<Tab>')
  h.wait_for_lines({ script, 'numbers = [', '    1,', ']' })
  h.equal('cursor', { 4, 1 }, vim.api.nvim_win_get_cursor(0))
end

function cases.behind_characters_of_several_bytes()
  local script = [[# scripted: text="né🎉 + 𝒳']"]]
  h.open({ script, '' })
  h.type("Gicafé = ['🎉 e\u{301}', 'naïve ")
  local expected = vim.env.CODEGEN_LSP_TEST_ENCODING
  h.equal('encoding', expected or h.client.offset_encoding, h.client.offset_encoding)
  h.wait_for_ghost("né🎉 + 𝒳']")
  local asked = h.position()
  h.type('<M-Right>')
  h.wait_for_ghost(" + 𝒳']")
  h.wait_for_outcome(asked, 'partially_accepted', 4)
  h.type('<Tab>')
  h.wait_for_lines({ script, "café = ['🎉 e\u{301}', 'naïve né🎉 + 𝒳']" })
end

function cases.a_bracket_is_not_doubled()
  local script = [[# scripted: text="price, 'é')" replaces=1]]
  h.open({ script, 'é = total()' })
  h.type('G$i')
  h.wait_for_ghost(h.is_builtin and "price, 'é')" or "price, 'é'")
  h.type('<Tab>')
  h.wait_for_lines({ script, "é = total(price, 'é')" })
end

function cases.word_by_word()
  h.open({ [[# scripted: text="first(a, b)\nsecond"]], 'x =' })
  h.type('GA ')
  h.wait_for_ghost('first(a, b)\nsecond')
  for _, step in ipairs({
    { 'x = first', '(a, b)\nsecond', 5 },
    { 'x = first(', 'a, b)\nsecond', 6 },
    { 'x = first(a', ', b)\nsecond', 7 },
    { 'x = first(a,', ' b)\nsecond', 8 },
    { 'x = first(a, b', ')\nsecond', 10 },
  }) do
    h.type('<M-Right>')
    h.equal('line', step[1], h.lines()[2])
    h.wait_for_ghost(step[2])
  end
  h.type('<M-Right>')
  h.type('<M-Right>')
  h.equal('at last', { 'x = first(a, b)', 'second' }, vim.list_slice(h.lines(), 2))
end

function cases.line_by_line()
  h.open({ [[# scripted: text="[\n    1,\n    2,\n]"]], 'x =' })
  h.type('GA ')
  h.wait_for_ghost('[\n    1,\n    2,\n]')
  local asked = h.position()
  h.type('<M-C-Right>')
  h.wait_for_ghost('\n    1,\n    2,\n]')
  h.wait_for_outcome(asked, 'partially_accepted', 1)
  h.type('<M-C-Right>')
  h.equal('two lines', { 'x = [', '    1,' }, vim.list_slice(h.lines(), 2))
  h.type('<Tab>')
  h.wait_for_lines({ h.lines()[1], 'x = [', '    1,', '    2,', ']' })
end

function cases.what_is_typed_along_stays_and_is_not_doubled()
  h.open({ TOTAL, 'total =' })
  h.type('GA ')
  h.wait_for_ghost('left + right')
  h.type('lef')
  h.type('<Tab>') -- at once: the next answer has not come
  h.wait_for_lines({ TOTAL, 'total = left + right' })
  for _, ghost in ipairs(h.shown()) do
    h.equal('shown along', 'left + right', ('left + right'):sub(1, ghost.column - 8) .. ghost.text)
  end
end

function cases.what_leaves_the_text_takes_it_away()
  h.open({ TOTAL, 'total =' })
  h.type('GA ')
  h.wait_for_ghost('left + right')
  vim.api.nvim_buf_set_lines(0, 0, 1, false, { TOTAL .. ' wait_for=never' })
  h.type('x')
  h.equal('ghost', nil, h.ghost())
  h.type('<Tab>')
  h.equal('a tab', 'total = x   ', h.lines()[2])
end

function cases.a_key_that_comes_at_once_behind_another_is_its_own()
  h.open({ TOTAL, 'total =' })
  h.type('GA ')
  h.wait_for_ghost('left + right')
  h.type('x<Tab>y') -- Neovim tells of the cursor's move only when no key waits
  h.equal('typed', 'total = x   y', h.lines()[2])
end

function cases.what_is_not_seen_any_more_is_not_accepted()
  h.open({ TOTAL, 'total =' })
  h.type('GA ')
  h.wait_for_ghost('left + right')
  vim.api.nvim_buf_set_lines(0, 0, 1, false, { TOTAL .. ' wait_for=never' })
  h.type('<Esc>')
  h.equal('ghost', nil, h.ghost())
  h.type('a<Tab>')
  h.equal('a tab', 'total =     ', h.lines()[2])
end

function cases.a_late_answer_is_not_shown()
  h.open({ [[# scripted: text="left + right" touch=began wait_for=go]], 'total =' })
  h.type('GA ')
  h.wait_for_file('began')
  vim.fn.delete('began')
  h.type('1')
  h.wait_for_file('began') -- the model works on the second request
  h.equal('shown so far', {}, h.shown())
  vim.fn.writefile({}, 'go')
  h.wait_for_ghost('left + right')
  for _, ghost in ipairs(h.shown()) do
    h.equal('shown at all', { line = 1, column = 9, text = 'left + right' }, ghost)
  end
end

function cases.a_late_answer_is_not_shown_whatever_the_server_does()
  local cmd, waiting = h.slow_server()
  h.open({ 'total =' }, { cmd = cmd })
  h.type('GA ')
  h.wait_for('the first request', function()
    return #waiting == 1
  end)
  h.type('1')
  waiting[1](nil, { items = { { insertText = 'late' } } })
  h.wait_for('the second request', function()
    return #waiting == 2
  end)
  h.equal('shown so far', {}, h.shown())
  waiting[2](nil, { items = { { insertText = '+ 2' } } })
  h.wait_for_ghost('+ 2')
end

function cases.an_answer_that_comes_in_normal_mode_is_not_shown()
  h.open({ [[# scripted: text="left + right" touch=began wait_for=go]], 'total =' })
  h.type('GA ')
  h.wait_for_file('began')
  h.type('<Esc>')
  vim.fn.writefile({}, 'go')
  h.wait_for('every answer', function()
    return h.requests().complete > 0
  end)
  h.pause(100)
  h.equal('shown at all', {}, h.shown())
end

function cases.dismissed()
  h.open({ TOTAL, 'total =' })
  h.type('GA ')
  h.wait_for_ghost('left + right')
  local asked = h.position()
  h.type('<C-]>')
  h.equal('ghost', nil, h.ghost())
  h.wait_for_outcome(asked, 'rejected')
  h.equal('line', 'total = ', h.lines()[2])
end

function cases.candidates()
  h.open({ [[# scripted: text="one" text="two" text="three"]], 'x =' })
  h.type('GA ')
  h.wait_for_ghost('one')
  h.type('<M-]>')
  h.wait_for('the second', function()
    return h.ghost() and vim.startswith(h.ghost().text, 'two')
  end)
  h.type('<M-]>')
  h.wait_for('the third', function()
    return h.ghost() and vim.startswith(h.ghost().text, 'three')
  end)
  h.type('<M-[>')
  h.wait_for('the second again', function()
    return h.ghost() and vim.startswith(h.ghost().text, 'two')
  end)
  h.type('<Tab>')
  h.wait_for_lines({ h.lines()[1], 'x = two' })
end

function cases.asked_for_after_choosing()
  h.open({ [[# scripted: text="one" text="two" text="three"]], 'x =' })
  h.type('GA ')
  h.wait_for_ghost('one')
  h.type('<M-]>')
  h.wait_for('the second', function()
    return h.ghost() and vim.startswith(h.ghost().text, 'two')
  end)
  h.type('<M-Bslash>')
  h.wait_for_quiet(3)
  h.pause(100)
  h.equal('ghost', 'one', h.ghost() and h.ghost().text)
end

function cases.asked_for()
  h.open({ [[# scripted: text="one" text="two" doubtful=1]], 'x =' })
  h.type('GA ')
  h.wait_for_quiet(1)
  h.wait_for('silence', function()
    return h.explain().decision == 'silent'
  end)
  h.equal('ghost', nil, h.ghost())
  h.type('<M-Bslash>')
  h.wait_for_ghost('one')
end

function cases.keys_do_what_they_did_where_nothing_is_shown()
  vim.o.expandtab = true
  vim.keymap.set('i', '<Tab>', function()
    return '<C-v>u00e9'
  end, { expr = true }) -- as nvim-cmp and snippet plugins map it
  vim.keymap.set('i', '<M-Right>', 'word')
  h.open({ [[# scripted: reason=empty]], 'x' })
  h.type('GA')
  h.type('<Tab><M-Right><M-[>')
  h.equal('typed', 'xéword', h.lines()[2])
  h.equal('mode', 'i', vim.api.nvim_get_mode().mode)
end

function cases.abbreviations_are_expanded()
  vim.o.expandtab = true
  vim.cmd.iabbrev('teh the')
  pcall(vim.keymap.del, 'i', '<Tab>') -- Neovim's own, which does not expand them
  h.open({ [[# scripted: reason=empty]], 'x ' })
  h.type('GAteh<Tab>y')
  h.equal('typed', 'x the   y', h.lines()[2])
end

local function takes_and_falls_through()
  h.open({ TOTAL, 'total =' })
  h.type('GA ')
  h.wait_for_ghost('left + right')
  h.type('<Tab>')
  h.wait_for_lines({ TOTAL, 'total = left + right' })
  vim.api.nvim_buf_set_lines(0, 0, 1, false, { '# scripted: reason=empty' })
  h.type('<Esc>o')
  h.pause(300)
  h.type('<Tab>')
  h.wait_for('a tab', function()
    return h.lines()[3] == '    '
  end)
end

function cases.beside_nvim_cmp()
  h.load()
  menus.use_nvim_cmp()
  takes_and_falls_through()
end

function cases.beside_blink_cmp()
  h.load()
  menus.use_blink_cmp()
  takes_and_falls_through()
end

function cases.accepted_in_an_expression_mapping()
  h.open({ TOTAL, 'total =' })
  vim.keymap.set('i', '<C-l>', function()
    return require('codegen').accept() and '' or '<C-l>'
  end, { expr = true })
  h.type('GA ')
  h.wait_for_ghost('left + right')
  h.type('<C-l>')
  h.wait_for_lines({ TOTAL, 'total = left + right' })
end

function cases.a_tab_is_a_tab_where_nothing_is_shown()
  h.open({ [[# scripted: reason=empty]], '' })
  h.type('Gi<Tab>x')
  h.equal('indented', '    x', h.lines()[2])
end

function cases.a_completion_menu_has_its_keys()
  h.open({ TOTAL, 'total = ', 'totality', 'totalled' })
  h.type('2GAtotal<C-n>')
  h.equal('menu', 1, vim.fn.pumvisible())
  h.equal('visible', false, require('codegen').is_visible())
end

function cases.asked_again_when_the_model_is_ready()
  vim.env.SCRIPTED_LOAD_WAIT_FOR = vim.fs.joinpath(vim.fn.getcwd(), 'loaded')
  h.open({ TOTAL, 'total =' }, { is_loading = true })
  h.type('GA ')
  h.wait_for_quiet(1)
  h.wait_for('the statusline', function()
    return require('codegen').statusline() == 'codegen: loading the model'
  end)
  vim.fn.writefile({}, 'loaded')
  h.wait_for_ghost('left + right')
end

function cases.switched_off_and_on()
  local said = h.messages()
  h.open({ TOTAL, 'total =' })
  vim.cmd.CodegenToggle('buffer')
  h.equal('said', { 'codegen-lsp: suggestions are off in this buffer' }, said)
  h.equal('statusline', 'codegen: off', require('codegen').statusline())
  h.type('GA ')
  h.pause(400)
  h.equal('requests', 0, h.requests().pending)
  vim.cmd.CodegenToggle('buffer')
  h.type('x')
  h.wait_for_ghost('left + right')
  vim.cmd.CodegenToggle()
  h.equal('ghost', nil, h.ghost())
end

function cases.switched_off_before_the_answer()
  local cmd, waiting = h.slow_server()
  h.open({ 'total =' }, { cmd = cmd })
  h.type('GA ')
  h.wait_for('the request', function()
    return #waiting == 1
  end)
  vim.cmd.CodegenToggle()
  waiting[1](nil, { items = { { insertText = 'late' } } })
  h.pause(100)
  h.equal('shown at all', {}, h.shown())
end

function cases.commands()
  local said = h.messages()
  h.open({ TOTAL, 'total =' })
  h.type('GA ')
  h.wait_for_ghost('left + right')
  h.type('<Esc>')
  vim.cmd.CodegenStatus()
  h.wait_for('the status', function()
    return said[1] and said[1]:find('model .* is ready; suggestions are on')
  end)
  vim.cmd.CodegenExplain()
  h.wait_for('the explanation', function()
    return vim.iter(vim.api.nvim_list_wins()):any(function(window)
      local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, 1, false)
      return lines[1]:find('1 suggestion', 1, true) ~= nil
    end)
  end)
  h.equal('statusline', 'codegen', require('codegen').statusline())
end

function cases.a_docstring()
  h.open({ 'def area(side):', '    print(side)' })
  h.type('G')
  vim.cmd.CodegenDocstring()
  h.wait_for_lines({
    'def area(side):',
    '    """Do it with 0 callers.',
    '',
    '    Args:',
    '        side: Do it with 0 callers.',
    '    """',
    '    print(side)',
  })
end

function cases.health()
  h.open({ TOTAL, 'total =' })
  vim.cmd.checkhealth('codegen')
  local report = table.concat(h.lines(), '\n')
  h.equal('errors', nil, report:find('ERROR'))
  h.wait_for('a server', function()
    return report:find('server 1 in .*: ready')
  end)
end

function cases.health_of_a_server_within_neovim()
  h.open({ 'total =' }, { cmd = (h.slow_server()) })
  vim.cmd.checkhealth('codegen')
  local report = table.concat(h.lines(), '\n')
  h.equal('errors', nil, report:find('ERROR'))
  h.equal('server', true, report:find('server 1 in .*: ready') ~= nil)
end

function cases.nothing_is_loaded_before_it_is_needed()
  h.load()
  vim.cmd.edit('sample.py')
  local loaded = vim.tbl_filter(function(name)
    return vim.startswith(name, 'codegen')
  end, vim.tbl_keys(package.loaded))
  h.equal('loaded', {}, loaded)
  h.equal('command', 2, vim.fn.exists(':CodegenStatus'))
end

function cases.no_command()
  local said = h.messages()
  h.edit({ TOTAL }, { 'no-such-command', 'lsp' })
  h.wait_for('a word about it', function()
    return said[1] and said[1]:find('there is no command no-such-command; see :checkhealth', 1, true)
  end)
  vim.cmd.checkhealth('codegen')
  local report = table.concat(h.lines(), '\n')
  h.equal('told', true, report:find('put the command on PATH', 1, true) ~= nil)
  vim.cmd.edit('another.py')
  h.equal('said once', 1, #said)
end

function cases.no_model()
  local said = h.messages()
  vim.env.SCRIPTED_FETCHED = vim.fs.joinpath(vim.fn.getcwd(), 'fetched')
  vim.env.SCRIPTED_PULL_WAIT_FOR = vim.fs.joinpath(vim.fn.getcwd(), 'go')
  h.open({ TOTAL, 'total =' }, { is_loading = true })
  local function wait_for_statusline(text)
    h.wait_for('the statusline ' .. text, function()
      return require('codegen').statusline() == text
    end)
  end
  wait_for_statusline('codegen: no model, see :CodegenFetch')
  h.wait_for('a word about it', function()
    return said[1] == 'codegen-lsp: there is no model yet; :CodegenFetch fetches it'
  end)
  vim.cmd.CodegenFetch()
  wait_for_statusline('codegen: fetching the model 0/100')
  vim.fn.writefile({}, 'go')
  wait_for_statusline('codegen')
  h.type('GA ')
  h.wait_for_ghost('left + right')
end

function cases.a_server_that_dies()
  h.open({ TOTAL, 'total =' })
  h.type('GA ')
  h.wait_for_ghost('left + right')
  for _, pid in ipairs(vim.api.nvim_get_proc_children(vim.fn.getpid())) do
    vim.uv.kill(pid, 'sigkill')
  end
  h.wait_for('its end', function()
    return #vim.lsp.get_clients() == 0
  end)
  h.wait_for('the ghost to go', function()
    return not require('codegen').is_visible()
  end)
  h.equal('ghost', nil, h.ghost())
  h.type('x<Tab>y')
  h.equal('typed', 'total = x   y', h.lines()[2])
  h.equal('statusline', '', require('codegen').statusline())
end

function cases.two_hundred_keys()
  local script = '# scripted: report=request' -- the text says what it is for
  h.open({ script, '' })
  local typed = ('word '):rep(40)
  h.type('Gi')
  local function is_shown_for(column)
    return h.ghost().text:find(('"offset": %d,'):format(#script + 1 + column), 1, true) ~= nil
  end
  for key in typed:gmatch('.') do
    vim.api.nvim_input(key == ' ' and '<Space>' or key)
    h.pause(15)
    if h.ghost() then
      local column = vim.api.nvim_win_get_cursor(0)[2]
      h.equal('place of the ghost', column, h.ghost().column)
      h.equal('for this text', true, is_shown_for(column))
    end
  end
  h.wait_for('ghost text for all of it', function()
    return h.ghost() and is_shown_for(#typed)
  end)
  h.equal('typed', typed, h.lines()[2])
end

function cases.real_model()
  h.open({ 'def add(left, right):', '    """Return the sum of left and right."""', '' })
  h.type('GA    return ')
  h.wait_for_ghost('left + right')
  h.type('<Tab>')
  h.wait_for('the line', function()
    return h.lines()[3] == '    return left + right'
  end)
end

function cases.a_throwing_case()
  error('as it must')
end

h.resume(coroutine.create(assert(cases[vim.env.CODEGEN_LSP_TEST_CASE])))
