"""Which files of a repository are somebody else's, and under which licence.

The names of folders are those that GitHub's linguist and other tools know for vendored code; what
`.gitattributes` say counts for more.
"""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

_FOLDERS = frozenset(
    {
        *("vendor", "vendors", "vendored", "_vendor", "_vendored", "bundled", "godeps", "pods"),
        *("third_party", "third-party", "thirdparty", "3rdparty", "3rd_party", "3rd-party"),
        *("external_libs", "extern", "externals", "node_modules", "bower_components"),
        *("jspm_packages", "site-packages", "carthage", "web_modules", ".yarn"),
    }
)
_FILES = re.compile(
    r"(?:jquery|bootstrap|angular|react|react-dom|vue|d3|lodash|underscore|backbone|ember|moment|three"
    r"|prototype|require|modernizr|raphael|mathjax|codemirror|ace|tinymce)"
    r"(?:[.-]\d[\w.]*)?(?:[.-](?:slim|min|full|bundle|production|development))*\.m?js"
    r"|(?:get-pip|ez_setup|versioneer|distribute_setup)\.py|gradlew|mvnw|catch(?:_amalgamated)?\.hpp"
    r"|sqlite3\.[ch]|stb_\w+\.h"
)
_LICENCE_FILE = re.compile(
    r"(?:licen[cs]es?|copying|unlicense|notice)(?:[.-][\w.-]*)?", re.IGNORECASE
)
_SPDX = re.compile(r"SPDX-License-Identifier:[ \t]*([\w.+()-]+(?: (?:AND|OR|WITH) [\w.+()-]+)*)")
_WORD = re.compile(r"\d+\.\d+|\w+")
_HEADER = 4000
"""Characters at the top of a file where its licence is looked for."""

# What a text of the licence says before it names another; of two at one place the first counts.
_TEXTS = (
    ("AGPL-3.0", "gnu affero general public license"),
    ("LGPL-3.0", "gnu lesser general public license version 3"),
    ("LGPL-2.1", "gnu lesser general public license"),
    ("GPL-3.0", "gnu general public license version 3"),
    ("GPL-2.0", "gnu general public license"),
    ("Apache-2.0", "apache license version 2.0"),
    ("MPL-2.0", "mozilla public license version 2.0"),
    ("BSL-1.0", "boost software license - version 1.0"),
    ("Unlicense", "free and unencumbered software released into the public domain"),
    ("BSD-3-Clause", "endorse or promote products derived from this software"),
    ("BSD-2-Clause", "provided with the distribution. this software is provided"),
    ("ISC", "permission to use, copy, modify, and/or distribute this software"),
    ("Zlib", "altered source versions must be plainly marked"),
    ("MIT", "permission is hereby granted, free of charge"),
)
_UNKNOWN = "unknown"


def is_vendored(path: str) -> bool:
    """Whether a file at `path` is somebody else's, by its name and folders."""
    *folders, name = path.lower().split("/")
    return not _FOLDERS.isdisjoint(folders) or _FILES.fullmatch(name) is not None


def is_licence_file(path: str) -> bool:
    """Whether a file at `path` holds the licence of the folder that it is in."""
    name = PurePosixPath(path)
    is_text = name.suffix.lower() in ("", ".txt", ".md", ".rst", ".mit", ".bsd", ".apache")
    return is_text and _LICENCE_FILE.fullmatch(name.name) is not None


def declared_licence(text: str) -> str | None:
    """The SPDX expression that a comment at the top of `text` states."""
    found = _SPDX.search(text, 0, _HEADER)
    return found[1] if found else None


def licence_of_text(text: str) -> str:
    """SPDX identifier of a licence's whole `text`; "unknown" for one that is not known."""
    words = _words(text)
    found = [
        (words.index(_words(phrase)), number, identifier)
        for number, (identifier, phrase) in enumerate(_TEXTS)
        if _words(phrase) in words
    ]
    return declared_licence(text) or (min(found)[2] if found else _UNKNOWN)


def _words(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


def licence_for(path: str, licences: Mapping[str, str]) -> str | None:
    """The licence of the nearest folder around `path` that has one of its own.

    Args:
        path: of a file.
        licences: by folder.
    """
    folders = map(str, PurePosixPath(path).parents)
    return next((licences[folder] for folder in folders if folder in licences), None)
