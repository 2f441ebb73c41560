from __future__ import annotations

from lab.recordings import notes


def test_what_was_done_is_said_once_with_the_recordings():
    done = [("yes/a.wav", "clipped"), ("no/b.wav", "mixed 2 channels"), ("no/b.wav", "clipped")]
    assert notes.summary(done) == (
        "2 recordings clipped (yes/a.wav, no/b.wav)",
        "1 recording mixed 2 channels (no/b.wav)",
    )


def test_of_many_recordings_the_first_are_named():
    assert notes.summary((f"{n}.wav", "clipped") for n in range(1_000)) == (
        "1,000 recordings clipped (0.wav, 1.wav, 2.wav, 3.wav, 4.wav and 995 more)",
    )
