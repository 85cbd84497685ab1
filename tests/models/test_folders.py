from codegen_lsp.models import folders
from codegen_lsp.models.catalogue import CatalogueEntry


def test_a_model_is_there_from_the_moment_it_is_in_its_place(entry: CatalogueEntry) -> None:
    assert folders.installed_at(entry.name) is None
    folder = folders.installed_folder(entry.name)
    folder.mkdir(parents=True)
    assert folders.installed_at(entry.name) == folder.stat().st_mtime_ns
