"""The log of a training and its curves."""

from omr.training.log import append_row, cut_log, draw_log


def test_draw_log_without_a_log_draws_an_empty_diagram(tmp_path):
    draw_log(tmp_path / "none.jsonl", tmp_path / "none.png")
    assert (tmp_path / "none.png").exists()


def test_cut_log_drops_rows_after_the_step(tmp_path):
    log = tmp_path / "x.jsonl"
    for step in (10, 20, 30):
        append_row(log, {"step": step, "energy": 1.0})
    cut_log(log, 20)
    assert log.read_text().splitlines() == ['{"step": 10, "energy": 1.0}', '{"step": 20, "energy": 1.0}']
