"""The command with the Renode of this machine."""

from __future__ import annotations


def test_the_built_in_engine_does_what_this_machines_renode_does(real_renode, conformance, tmp_path):
    probes = ("nested", "three_sources", "masks", "uart_lines", "twi_sensor", "pdm_order", "ge_flags")
    chosen = [word for name in probes for word in ("--probe", name)]
    kept = tmp_path / "kept.json"
    code, said, _ = conformance("--target", "nano33ble", "--renode", real_renode.path, "--record", kept, *chosen)
    assert code == 0, said
    assert "6 equal, 1 stricter" in said
    assert conformance("--against", kept, *chosen)[0] == 0
