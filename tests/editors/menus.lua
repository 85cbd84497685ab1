-- How completion menus map their keys, for plugin_cases.lua: as nvim-cmp (lua/cmp/utils/keymap.lua)
-- and blink.cmp (lua/blink/cmp/keymap/) do in 2026, written anew. What they map is what the help
-- file tells their users to.

local M = {}

--- The mapping of <Tab> that :help codegen-menus gives for `plugin`.
local function documented(plugin)
  local help = vim.api.nvim_get_runtime_file('doc/codegen.txt', false)[1]
  local text = table.concat(vim.fn.readfile(help), '\n')
  local code = text:match('\n' .. vim.pesc(plugin) .. ', in .->lua\n(.-)\n<')
  return assert(load('return {' .. code .. '}'))()['<Tab>']
end

--- What <Tab> does so far, and the description of its mapping. (Neovim 0.11 and newer map it.)
local function so_far()
  local mapping = vim.iter(vim.api.nvim_get_keymap('i')):find(function(each)
    return each.lhs == '<Tab>'
  end) or {}
  return function()
    if mapping.callback and mapping.expr == 0 then
      mapping.callback()
    else
      local keys = mapping.callback and mapping.callback() or '<Tab>'
      vim.api.nvim_feedkeys(vim.keycode(keys), 'in', true)
    end
  end, mapping.desc
end

--- nvim-cmp maps the key globally, each time that insert mode begins and the mapping is not its own.
function M.use_nvim_cmp()
  local mapping = documented('nvim-cmp')
  local function listen()
    local fallback, desc = so_far()
    if desc ~= 'cmp' then
      vim.keymap.set('i', '<Tab>', function()
        mapping(fallback)
      end, { desc = 'cmp' })
    end
  end
  listen() -- before the server attaches
  vim.api.nvim_create_autocmd('InsertEnter', { callback = listen })
end

--- blink.cmp maps the key in the buffer, and looks at that time only what it falls back on.
function M.use_blink_cmp()
  local commands = documented('blink.cmp')
  local function run(fallback)
    for _, command in ipairs(commands) do
      if command == 'fallback' then
        return fallback()
      elseif type(command) == 'function' and command() then
        return -- any other command has no menu to act on
      end
    end
  end
  vim.api.nvim_create_autocmd('BufReadPost', {
    callback = function() -- before the server attaches
      local fallback = so_far()
      vim.keymap.set('i', '<Tab>', function()
        run(fallback)
      end, { buffer = 0 })
    end,
  })
end

return M
