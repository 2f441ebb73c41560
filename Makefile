# Each target installs what it still lacks, once: Debian packages by apt, Python packages into .venv.
.PHONY: run test check setup lock clean
setup_files := pyproject.toml $(wildcard requirements/*.txt) scripts/venv.sh scripts/actionlint.sh firmware/toolchains/install.sh firmware/toolchains/debian-packages.txt

# Programs of a virtual environment name the folder that they were made in: in a checkout that was moved it is made anew.
ifeq ($(shell [ ! -e .venv/bin/pip ] || grep -qsF "$(CURDIR)/.venv/bin/" .venv/bin/pip || echo moved),moved)
$(shell rm -f .venv/ready-to-*)
endif

# Compiled modules are kept whatever the caller's shell says: each of the many processes of the tests would compile them anew.
unexport PYTHONDONTWRITEBYTECODE

run: .venv/ready-to-run
	.venv/bin/lab run keyword-spotting

test: .venv/ready-to-test
	.venv/bin/pytest -n 3 --dist worksteal

check: .venv/ready-to-check
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/robocop check robot_tests
	git ls-files 'firmware/*.cc' 'firmware/*.c' 'firmware/*.h' 'examples/*.cc' 'examples/*.c' 'examples/*.h' 'lab/*.c' 'lab/*.h' | xargs .venv/bin/clang-format --style=file:firmware/.clang-format --dry-run -Werror
	git ls-files '*.sh' .ci/run | xargs shellcheck
	.venv/bin/actionlint
	.venv/bin/check-jsonschema --builtin-schema vendor.github-actions action.yml

setup: .venv/ready-to-run
	.venv/bin/lab doctor

# Newest versions of all Python packages, with the hashes of their files. Commit what it changes in requirements/.
lock: .venv/ready-to-check
	scripts/lock.sh

# The user's cache (TFLM, libraries, downloads) stays; `lab doctor` says where it is.
clean:
	rm -rf .venv build dist runs .mypy_cache .pytest_cache .ruff_cache

.venv/ready-to-run: extras :=
.venv/ready-to-check: extras := dev
.venv/ready-to-test: extras := dev,train
.venv/ready-to-check .venv/ready-to-test: actionlint := scripts/actionlint.sh
.venv/ready-to-%: $(setup_files)
	firmware/toolchains/install.sh run $*
	scripts/venv.sh $(extras)
	$(actionlint)
	@touch $@
