from __future__ import annotations

from robot.libdocpkg import LibraryDocumentation


def test_libdoc_documents_the_library_and_every_keyword():
    library = LibraryDocumentation("lab.robot")
    assert library.name == "lab.robot"
    assert library.doc_format == "ROBOT"
    names = [keyword.name for keyword in library.keywords]
    assert names == [
        "${metric} Should Be Within Limits",
        "Device Should Equal Host On Every Clip",
        "Every Other Limit Should Be Kept",
        "Firmware",
        "It Listens To A Stream",
        "It Listens To Recordings",
        "No More Recordings Should Be Skipped Than Allowed",
    ]
    assert all(keyword.doc and keyword.tags for keyword in library.keywords)
