-- What a person does in Neovim and sees of it; test_neovim.py runs one case in one Neovim:
--     nvim --headless --clean -S cases.lua    with the case's name in CODEGEN_LSP_TEST_CASE
-- All but the real model's case direct the model by a comment in the file
-- (tests/worker/scripted_worker.py).

local folder = vim.fs.dirname(debug.getinfo(1, 'S').source:sub(2))
local h = dofile(vim.fs.joinpath(folder, 'harness.lua'))

local cases = {}

function cases.accepted_while_typing()
  local script = [[# scripted: text="total = price * amount"]]
  h.open({ script, '' })
  h.type('Gi')
  h.type('    ')
  h.wait_for_ghost('total = price * amount')
  h.accept({ script, '    total = price * amount' })
end

function cases.several_lines()
  local script = [[# scripted: text="[\n    1,\n]"]]
  h.open({ script, 'numbers =' })
  h.type('GA ')
  h.wait_for_ghost('[\n    1,\n]')
  h.accept({ script, 'numbers = [', '    1,', ']' })
end

function cases.behind_characters_of_several_bytes()
  local script = [[# scripted: text="né🎉 + 𝒳']"]]
  h.open({ script, '' })
  h.type("Gicafé = ['🎉 e\u{301}', 'naïve ")
  h.equal('encoding', 'utf-8', h.client.offset_encoding)
  h.wait_for_ghost("né🎉 + 𝒳']")
  h.accept({ script, "café = ['🎉 e\u{301}', 'naïve né🎉 + 𝒳']" })
end

function cases.a_bracket_is_not_doubled()
  local script = [[# scripted: text="price, amount)" replaces=1]]
  h.open({ script, 'é = total()' })
  h.type('G$i')
  h.wait_for_ghost('price, amount)')
  h.accept({ script, 'é = total(price, amount)' })
end

function cases.a_late_answer_is_not_shown()
  h.open({ [[# scripted: text="left + right" touch=began wait_for=go]], 'total =' })
  h.type('GA ')
  h.wait_for_file('began')
  vim.fn.delete('began')
  h.type('1')
  h.wait_for_file('began') -- the model works on the second request
  h.wait_for('the first request to be answered', function()
    return h.requests().complete >= 1
  end)
  h.equal('shown so far', {}, h.shown())
  vim.fn.writefile({}, 'go')
  h.wait_for_ghost('left + right')
  h.wait_for_quiet(2)
  h.equal('shown at all', { { line = 1, column = 9, text = 'left + right' } }, h.shown())
  h.equal('requests cancelled by the client', 0, h.requests().cancel)
end

function cases.an_answer_for_a_line_that_is_gone_is_not_shown()
  h.open({ [[# scripted: text="left + right" touch=began wait_for=go]], 'total =' })
  h.type('GA ')
  h.wait_for_file('began')
  vim.fn.delete('began')
  h.type('<BS>') -- the answer's place is behind the line's end now
  h.wait_for_file('began')
  vim.fn.writefile({}, 'go')
  h.wait_for_ghost('left + right')
  h.wait_for_quiet(2)
  h.equal('shown at all', { { line = 1, column = 7, text = 'left + right' } }, h.shown())
end

function cases.the_rest_stays_while_typing_along()
  local script = [[# scripted: text="left + right"]]
  h.open({ script, 'total =' })
  h.type('GA ')
  h.wait_for_ghost('left + right')
  h.wait_for_quiet(1)
  h.type('lef')
  h.wait_for_quiet(2)
  h.wait_for_ghost('t + right')
  h.equal('answered from', 'cache', h.explain().source)
  for _, ghost in ipairs(h.shown()) do
    h.equal('shown along', 'left + right', ('left + right'):sub(1, ghost.column - 8) .. ghost.text)
  end
  h.accept({ script, 'total = left + right' })
end

function cases.silence_takes_the_old_text_away()
  h.open({ [[# scripted: text="left"]], 'total =', [[# scripted: reason=empty]], '' })
  h.type('2GA ')
  h.wait_for_ghost('left')
  h.wait_for_quiet(1)
  h.type('<Down><Down>')
  h.wait_for_quiet(2)
  h.equal('ghost', nil, h.ghost())
  h.equal('decision', 'silent', h.explain().decision)
end

function cases.nothing_is_shown_when_it_is_off()
  h.open({ [[# scripted: text="left"]], 'total =' }, { disabled = true })
  h.type('GA ')
  h.pause(400) -- the client asks 200 ms after a key
  h.equal('decision', 'none', h.explain().decision)
  h.equal('shown at all', {}, h.shown())
  vim.lsp.inline_completion.enable(true)
  h.type('x')
  h.wait_for_ghost('left')
end

local DOCUMENTED = {
  'def area(side):',
  '    """Do it with 0 callers.',
  '',
  '    Args:',
  '        side: Do it with 0 callers.',
  '    """',
  '    print(side)',
}

function cases.a_code_action_writes_the_docstring()
  h.open({ 'def area(side):', '    print(side)' })
  h.type('G')
  vim.lsp.buf.code_action({ apply = true })
  h.wait_for('the docstring', function()
    return vim.deep_equal(DOCUMENTED, vim.api.nvim_buf_get_lines(0, 0, -1, true))
  end)
end

function cases.opening_quotes_bring_the_docstring()
  h.open({ 'def area(side):', '    print(side)' })
  h.type('ggo"""') -- Neovim indents
  local rest = vim.list_slice(DOCUMENTED, 2, #DOCUMENTED - 1)
  h.wait_for_ghost((table.concat(rest, '\n'):gsub('^    """', '')))
  h.accept(DOCUMENTED)
end

function cases.real_model()
  h.open({ 'def add(left, right):', '    """Return the sum of left and right."""', '' })
  h.type('GA    return ')
  h.wait_for_ghost('left + right')
  h.accept({
    'def add(left, right):',
    '    """Return the sum of left and right."""',
    '    return left + right',
  })
end

h.resume(coroutine.create(assert(cases[vim.env.CODEGEN_LSP_TEST_CASE])))
