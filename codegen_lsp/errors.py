"""Every exception that codegen-lsp raises on purpose, and the exit status each one leads to.

    CodegenError
    ├── UsageError                  the request cannot be carried out as asked (exit status 2)
    │   └── UnknownModelError       no model of that name, hub id or folder
    ├── UnknownDocumentError        the editor speaks of a document that it has not opened
    ├── ModelUnavailableError       the model cannot be had (exit status 3)
    │   ├── NotFetchedError         it has not been fetched yet
    │   ├── FetchError              neither the hub nor the mirror could be reached or read
    │   ├── ChecksumError           the bytes that arrived are not the ones in the catalogue
    │   ├── DiskFullError           no room for the weights
    │   └── DamagedModelError       files on disk are missing, truncated or altered
    ├── EngineError                 the engine raised something unexpected
    └── WorkerDiedError             the process that holds the model has ended

A message is one line and says what is wrong, where, and what to do about it.
"""


class CodegenError(Exception):
    """Base of all expected errors; its text is shown to the user as it is."""

    exit_status = 1


class UsageError(CodegenError):
    """The request cannot be carried out as asked: no such file, a position outside it."""

    exit_status = 2


class UnknownModelError(UsageError):
    """No model of that name is in the catalogue, on disk or on the hub."""


class UnknownDocumentError(CodegenError):
    """The editor speaks of a document that it has not opened."""


class ModelUnavailableError(CodegenError):
    """The model is known but cannot be had at the moment."""

    exit_status = 3


class NotFetchedError(ModelUnavailableError):
    """The model has not been fetched to this machine yet."""


class FetchError(ModelUnavailableError):
    """No source could be reached, or one broke off."""


class ChecksumError(ModelUnavailableError):
    """A source served other bytes than the catalogue promises."""


class DiskFullError(ModelUnavailableError):
    """The disk has no room for the download or the converted weights."""


class DamagedModelError(ModelUnavailableError):
    """A model's files on disk are missing, truncated or altered."""


class EngineError(CodegenError):
    """The engine raised something unexpected, in the process that holds the model."""


class WorkerDiedError(CodegenError):
    """The process that holds the model has ended, or could not be started."""
