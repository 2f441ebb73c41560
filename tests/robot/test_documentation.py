from __future__ import annotations

from robot.libdocpkg import LibraryDocumentation

from lab.asked import Asked


def test_libdoc_documents_the_library_and_every_keyword():
    library = LibraryDocumentation("lab.robot")
    assert library.name == "lab.robot"
    assert library.doc_format == "ROBOT"
    names = [keyword.name for keyword in library.keywords]
    assert names == [
        "${metric} Should Be Within Limits",
        "A Stream Is Played",
        "Device Should Equal Host On Every Clip",
        "Device Should Equal Host On Every Recording",
        "Every Other Limit Should Be Kept",
        "Firmware",
        "Firmware As Asked",
        "It Listens To A Stream",
        "It Listens To Recordings",
        "No More Recordings Should Be Skipped Than Allowed",
        "Recordings Are Played",
        "These Should Be Within Limits",
    ]
    assert all(keyword.doc and keyword.tags for keyword in library.keywords)


def test_the_keyword_firmware_lists_every_option_that_is_asked():
    (firmware,) = [one for one in LibraryDocumentation("lab.robot").keywords if one.name == "Firmware"]
    for name in Asked.model_fields.keys() - {"workload", "mode"}:
        assert f"| ``{name}`` |" in firmware.doc
