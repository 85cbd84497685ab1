-- What is there from the start: commands, and a look at every server that attaches. Everything else
-- is loaded when one of ours does.
if vim.g.loaded_codegen then
  return
end
vim.g.loaded_codegen = true

for name, about in pairs({
  CodegenStatus = 'what the server and its model are doing',
  CodegenToggle = 'suggestions on or off: everywhere, for this buffer or this filetype',
  CodegenExplain = 'why the latest suggestion is there, or why there is none',
  CodegenDocstring = 'write or update the docstring of the definition at the cursor',
  CodegenFetch = 'fetch the model',
}) do
  vim.api.nvim_create_user_command(name, function(command)
    require('codegen.commands')[name](command.args)
  end, {
    desc = 'codegen-lsp: ' .. about,
    nargs = name == 'CodegenToggle' and '?' or 0,
    complete = name == 'CodegenToggle' and function()
      return { 'buffer', 'filetype' }
    end or nil,
  })
end

vim.api.nvim_create_autocmd('LspAttach', {
  group = vim.api.nvim_create_augroup('codegen', {}),
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if client and client.name == 'codegen_lsp' then
      require('codegen.attach').attach(client, event.buf)
    end
  end,
})
