# make lab      open the lessons in JupyterLab (the first time: set up, draw the pictures)
# make test     run every test, and every notebook against its stored outputs
# make lessons  rebuild notebooks/ and solutions/ from lessons/
# make bench    run the speed measurements
.PHONY: lab test lessons bench

lab: .venv/.installed
	@.venv/bin/course lab

test: .venv/.installed
	@tests/run.sh

lessons: .venv/.installed
	@.venv/bin/course build

bench: .venv/.installed
	@benchmarks/run.sh

.venv/.installed: requirements.lock pyproject.toml
	@PYTHON="$(PYTHON)" ./install.sh
