# SPDX-License-Identifier: MIT
# ipctop: top for inter-process communication. `make help` lists the targets.

VERSION = 0.1.0

CC ?= cc
CFLAGS ?= -O2 -g
PREFIX ?= /usr/local
DESTDIR ?=
# What `make fuzz` spends on each fuzzer, in seconds.
FUZZ_TIME ?= 60
# What `make bench` compares with, the folder of the peer programs, if there is one; which of its
# sections it runs, with commas, or all; and options of their scripts. See tests/speed/run.
PEERS ?=
# How long `make soak` runs, in seconds.
SOAK_TIME ?= 1800
BENCH ?=
BENCH_ARGS ?=

# One folder of objects a variant, so that a sanitizer build never needs a clean.
VARIANT ?= release
BUILD = build/$(VARIANT)

BUILD_PACKAGES = gcc libc6-dev pkg-config libncurses-dev libwebsockets-dev \
	libcurl4-openssl-dev libmicrohttpd-dev libcjson-dev libxxhash-dev libssl-dev
TEST_PACKAGES = $(BUILD_PACKAGES) python3 python3-numpy python3-requests \
	python3-websocket python3-websockets python3-fastapi python3-uvicorn \
	python3-xxhash nodejs node-ws locales mandoc libvterm-dev tmux curl procps util-linux g++ \
	sockperf wrk
MEMCHECK_PACKAGES = $(BUILD_PACKAGES) libvterm-dev python3 locales valgrind libc6-dbg
ANALYZE_PACKAGES = $(BUILD_PACKAGES) libvterm-dev cppcheck clang-tidy

LIBRARIES = libwebsockets libcurl libmicrohttpd libcjson libxxhash libcrypto ncursesw

# The only place for feature macros. Conversions and shadowing are errors waiting to happen.
ALL_CPPFLAGS = -I. -D_GNU_SOURCE -DIPCTOP_VERSION='"$(VERSION)"' $(LIBRARY_CFLAGS) $(CPPFLAGS)
WARNINGS = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
	-Wwrite-strings -Wformat=2 -Wvla -Wconversion
# Whether the compiler takes an option: some are for one architecture.
option = $(shell $(CC) $(1) -Werror -x c -c -o /dev/null /dev/null 2>/dev/null && echo $(1))
HARDENING := -fstack-protector-strong -fstack-clash-protection -fPIE \
	$(call option,-fcf-protection) $(call option,-mbranch-protection=standard)
ALL_CFLAGS = -std=gnu17 $(WARNINGS) $(HARDENING) $(VARIANT_CFLAGS) -pthread $(CFLAGS)
ALL_LDFLAGS = -pie -Wl,-z,relro,-z,now,-z,noexecstack -pthread $(VARIANT_CFLAGS) $(LDFLAGS)
LDLIBS = $(LIBRARY_LIBS) -lm

# Level 3 checks sizes that are known only at run time. A distribution may have set another.
VARIANT_CFLAGS_release = -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
VARIANT_CFLAGS_debug = -O0
VARIANT_CFLAGS_asan = -fsanitize=address -fno-omit-frame-pointer -O1
VARIANT_CFLAGS_ubsan = -fsanitize=undefined -fno-sanitize-recover=undefined -O1
VARIANT_CFLAGS_tsan = -fsanitize=thread -O1
VARIANT_CFLAGS_coverage = --coverage -fprofile-update=atomic
VARIANT_CFLAGS_fuzz = -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined \
	-fno-omit-frame-pointer -O1
# No program comes of it: gcc's analyzer looks at what has changed since the last time.
VARIANT_CFLAGS_analyze = $(VARIANT_CFLAGS_release) -fanalyzer -Werror
VARIANT_CFLAGS = $(VARIANT_CFLAGS_$(VARIANT))

# What the tests' limits of time are multiplied by. They are there against hanging: a few times
# what a test takes in the release variant, so each variant gets what it is slower by, rounded up.
SLOWNESS_asan = 3
SLOWNESS_ubsan = 2
SLOWNESS_tsan = 10
SLOWNESS_memcheck = 30
SLOWNESS_coverage = 3

LIBRARY_CFLAGS := $(shell pkg-config --cflags $(LIBRARIES) 2>/dev/null)
LIBRARY_LIBS := $(shell pkg-config --libs $(LIBRARIES) 2>/dev/null)

ifeq ($(V),1)
Q =
else
Q = @
endif

# Wildcards only here: a plug-in is a file in its folder and a line in its .def table.
TRANSPORTS = $(sort $(wildcard transports/*.c transports/*/*.c transports/*/*/*.c))
BENCH_SOURCES = $(sort $(wildcard bench/*/*.c))
TUI = $(sort $(filter-out tui/main.c,$(wildcard tui/*.c tui/*/*.c)))
UNIT = $(sort $(wildcard tests/unit/test_*.c))
CONTRACT = $(sort $(wildcard tests/contract/contract_*.c))
FUZZ = $(sort $(wildcard tests/fuzz/fuzz_*.c))
KNOWN = $(sort $(wildcard tests/known/*.c))
PTY = $(sort $(wildcard tests/e2e/*_pty.c))
PTY_SOURCES = $(sort $(wildcard tests/e2e/pty_*.c))
TEST_SUPPORT = $(sort $(wildcard tests/support/*.c))
# The pairs in Python and the examples: installed as they are.
PAIRS = $(patsubst bench/pairs/%,%,$(sort $(wildcard bench/pairs/*/*.*)))
SPEED = $(sort $(wildcard tests/speed/*.c))
ALL_C = $(TRANSPORTS) $(BENCH_SOURCES) $(TUI) tui/main.c $(SPEED) $(UNIT) $(CONTRACT) $(FUZZ) \
	$(KNOWN) $(PTY) $(PTY_SOURCES) $(TEST_SUPPORT) $(sort $(wildcard tests/preload/*.c)) \
	tests/fuzz/fuzz.c tests/fuzz/service.c tests/fuzz/replay.c tests/coverage/flush.c

object = $(patsubst %.c,$(BUILD)/%.o,$(1))
program = $(patsubst %.c,$(BUILD)/%,$(1))

# Dependencies run one way: tui -> bench -> transports. One archive a folder keeps it so at the link.
ARCHIVES = $(BUILD)/libtui.a $(BUILD)/libbench.a $(BUILD)/libtransports.a
TEST_PROGRAMS = $(call program,$(UNIT) $(CONTRACT))
FUZZ_SUPPORT = $(call object,tests/fuzz/fuzz.c tests/fuzz/service.c)
REPLAY_PROGRAMS = $(call program,$(FUZZ))
PTY_PROGRAMS = $(call program,$(PTY))
# Before the programs, which are quick: so nobody waits for a long one in the end.
SCRIPTS = $(sort $(wildcard tests/e2e/*.sh tests/lint/*.sh))
# What the scripts of tests/speed need, which are tested too.
BENCH_PROGRAMS = $(addprefix $(BUILD)/tests/speed/,alone bareloop empty normality)
PRELOADS = $(patsubst %.c,$(BUILD)/%.so,$(sort $(wildcard tests/preload/*.c)))
KNOWN_PROGRAM = $(BUILD)/tests/known/ipctop

.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: all debug run check check-built coverage bench soak asan ubsan tsan fuzz fuzzers fuzz-mutate \
	mutate memcheck memcheck-built lint analyze analyzed format format-check install uninstall clean help golden speed packages-build packages-test packages-memcheck packages-analyze
.DEFAULT_GOAL := all

## all: build ./ipctop (the default)
all: ipctop

ifeq ($(VARIANT),release)
ipctop: $(BUILD)/ipctop
	$(Q)cp $< $@.tmp && mv -f $@.tmp $@
else
ipctop: $(BUILD)/ipctop
endif

$(BUILD)/ipctop: $(BUILD)/tui/main.o $(ARCHIVES)
	@echo "  LD    $@"
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/libtransports.a: $(call object,$(TRANSPORTS))
$(BUILD)/libbench.a: $(call object,$(BENCH_SOURCES))
$(BUILD)/libtui.a: $(call object,$(TUI))
$(BUILD)/libtests.a: $(call object,$(TEST_SUPPORT))
$(BUILD)/%.a:
	@echo "  AR    $@"
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	@echo "  CC    $<"
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(EXTRA_CFLAGS) -MMD -MP -c -o $@ $<

# Hot loops of a few bytes a step: worth the optimiser's time.
$(BUILD)/transports/encodings/%.o: EXTRA_CFLAGS = -O3
$(addprefix $(BUILD)/bench/worker/,random_normal.o elements_float.o elements_int.o rounding.o source.o \
	worker_client.o): EXTRA_CFLAGS = -O3
ifeq ($(VARIANT),analyze)
# There a failed CHECK ends the test where it stands, with what it has not freed.
$(BUILD)/tests/%.o: EXTRA_CFLAGS = -Wno-analyzer-malloc-leak -Wno-analyzer-file-leak
# gcc 12 counts a vector's lanes where it should count an element's bits, and with the kernel
# unrolled four times over it needs minutes.
$(BUILD)/bench/worker/random_normal.o: EXTRA_CFLAGS = -O0 -U_FORTIFY_SOURCE -Wno-analyzer-shift-count-overflow
endif
# Results say how they were built.
$(BUILD)/bench/report/column.o $(BUILD)/bench/report/json.o: EXTRA_CFLAGS = -DIPCTOP_BUILD_FLAGS='"$(subst ",\",$(strip $(CC) $(ALL_CFLAGS)))"'

$(TEST_PROGRAMS): $(BUILD)/%: $(BUILD)/%.o $(BUILD)/libtests.a $(ARCHIVES)
	@echo "  LD    $@"
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LDLIBS)

# Fuzzers are replayed over their corpus in `check`, whatever the compiler; see tests/fuzz/replay.c.
$(REPLAY_PROGRAMS): $(BUILD)/%: $(BUILD)/%.o $(BUILD)/tests/fuzz/replay.o $(FUZZ_SUPPORT) \
		$(BUILD)/libtests.a $(ARCHIVES)
	@echo "  LD    $@"
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LDLIBS)

$(PTY_PROGRAMS): $(BUILD)/%: $(BUILD)/%.o $(call object,$(PTY_SOURCES)) $(BUILD)/libtests.a $(ARCHIVES)
	@echo "  LD    $@"
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LDLIBS) -lvterm -lutil

# Put in front of the C library by tests; no sanitizer in them, and no hardening.
$(BUILD)/tests/preload/%.so: tests/preload/%.c
	@mkdir -p $(@D)
	@echo "  LD    $@"
	$(Q)$(CC) -std=gnu17 -D_GNU_SOURCE $(WARNINGS) -O2 -fPIC -shared -o $@ $<

ifeq ($(VARIANT),coverage)
COUNTED = $(TEST_PROGRAMS) $(REPLAY_PROGRAMS) $(PTY_PROGRAMS) $(KNOWN_PROGRAM) $(BUILD)/ipctop
$(COUNTED): $(BUILD)/tests/coverage/flush.o
$(COUNTED): LDLIBS += -Wl,--wrap=_exit
endif

# ipctop with transports whose delays and faults are known: of what it says, the truth is known.
$(KNOWN_PROGRAM): $(BUILD)/tui/main.o $(call object,$(KNOWN)) $(ARCHIVES)
	@echo "  LD    $@"
	$(Q)$(CC) $(ALL_LDFLAGS) -Wl,--wrap=clock_gettime,--wrap=clock_nanosleep -o $@ $^ $(LDLIBS)

## run: install what is missing, build, and open the dashboard (no terminal: the quick preset)
run: packages-build
	$(Q)$(MAKE) --no-print-directory all
	./ipctop

## check: install what the tests need, build, and run them all
check: packages-test
	$(Q)$(MAKE) --no-print-directory check-built

check-built: all $(TEST_PROGRAMS) $(REPLAY_PROGRAMS) $(PTY_PROGRAMS) $(BENCH_PROGRAMS) \
		$(PRELOADS) $(KNOWN_PROGRAM)
	$(Q)BUILD=$(BUILD) IPCTOP=$(CURDIR)/$(if $(filter release,$(VARIANT)),ipctop,$(BUILD)/ipctop) \
		TEST_SLOWNESS=$(or $(SLOWNESS_$(VARIANT)),1) \
		tests/run $(SCRIPTS) $(PTY_PROGRAMS) $(TEST_PROGRAMS) $(REPLAY_PROGRAMS)

## asan, ubsan, tsan: the tests under the address, undefined and thread sanitizers
asan ubsan tsan:
	$(Q)$(MAKE) --no-print-directory VARIANT=$@ check

## memcheck: the tests of parts, the dashboard and each command under valgrind
memcheck: packages-memcheck
	$(Q)$(MAKE) --no-print-directory memcheck-built
memcheck-built: all $(TEST_PROGRAMS) $(REPLAY_PROGRAMS) $(PTY_PROGRAMS) $(PRELOADS)
	$(Q)BUILD=$(BUILD) IPCTOP=$(CURDIR)/tests/memcheck/ipctop UNDER=tests/memcheck/run \
		TEST_SLOWNESS=$(SLOWNESS_memcheck) FUZZ_MUTATIONS=200 \
		tests/run tests/memcheck/ipctop.sh $(PTY_PROGRAMS) $(TEST_PROGRAMS) $(REPLAY_PROGRAMS)

## coverage: the tests with counters, and then which share of each wing and file they reach
coverage:
	$(Q)find build/coverage -name '*.gcda' -delete 2>/dev/null || true
	-$(Q)$(MAKE) --no-print-directory VARIANT=coverage CFLAGS='-O0 -g' check
	$(Q)tests/coverage/table.py build/coverage

## debug: build without optimisation, in build/debug
debug:
	$(Q)$(MAKE) --no-print-directory VARIANT=debug all

## golden: rewrite the expected screens and tables; read the diff before committing it
golden: all $(TEST_PROGRAMS)
	$(Q)for program in $(TEST_PROGRAMS); do GOLDEN_UPDATE=1 $$program >/dev/null || true; done
	$(Q)git --no-pager diff --stat -- tests/golden

## bench: measurements that prove speed by ratios (PEERS=DIR, BENCH=NAME; see CONTRIBUTING.md)
bench: all speed
	$(Q)IPCTOP=$(CURDIR)/ipctop BUILD=$(BUILD) PEERS='$(PEERS)' BENCH='$(BENCH)' \
		BENCH_ARGS='$(BENCH_ARGS)' BEFORE='$(BEFORE)' tests/speed/run

## soak: SOAK_TIME seconds of runs and random keys, and the large loads; nothing may grow
soak: all
	$(Q)MANY_SAMPLES=1000000 BUILD=$(BUILD) IPCTOP=$(CURDIR)/ipctop \
		tests/run tests/e2e/run_many.sh tests/e2e/run_load.sh
	$(Q)tests/soak/soak.py ./ipctop --seconds $(SOAK_TIME)

speed: $(call program,$(SPEED))
$(call program,$(SPEED)): $(BUILD)/%: $(BUILD)/%.o $(ARCHIVES)
	@echo "  LD    $@"
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LDLIBS)

WITH_CHARCONV = $(addprefix $(BUILD)/tests/speed/,alone decimal)
$(WITH_CHARCONV): $(BUILD)/tests/speed/decimal_charconv.oxx
$(WITH_CHARCONV): LDLIBS += -lstdc++

# C++ only to have its number formatter and parser as a yardstick.
$(BUILD)/%.oxx: %.cpp
	@mkdir -p $(@D)
	$(Q)$(CXX) -std=c++17 -O3 -fPIE -c -o $@ $<

## fuzz: every fuzzer for FUZZ_TIME seconds with libFuzzer (needs clang)
fuzz: fuzzers
	$(Q)for name in $(patsubst tests/fuzz/fuzz_%.c,%,$(FUZZ)); do \
		mkdir -p build/fuzz/found/$$name && \
		build/fuzz/tests/fuzz/fuzz_$$name.libfuzzer -max_total_time=$(FUZZ_TIME) -max_len=4096 \
			-artifact_prefix=build/fuzz/found/$$name- \
			build/fuzz/found/$$name tests/fuzz/corpus/$$name || exit 1; \
	done

# Built once for all of them, as a variant of its own.
fuzzers:
	$(Q)$(MAKE) --no-print-directory VARIANT=fuzz CC=clang $(FUZZ:%.c=build/fuzz/%.libfuzzer)
$(BUILD)/%.libfuzzer: $(BUILD)/%.o $(FUZZ_SUPPORT) $(BUILD)/libtests.a $(ARCHIVES)
	@echo "  LD    $@"
	$(Q)$(CC) $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(LDLIBS)

## fuzz-mutate: N mutations of its corpus (a million) for every fuzzer, under the address sanitizer
N ?= 1000000
fuzz-mutate:
	$(Q)$(MAKE) --no-print-directory VARIANT=asan mutate N=$(N)
mutate: $(REPLAY_PROGRAMS)
	$(Q)for program in $(REPLAY_PROGRAMS); do \
		echo "$${program##*/}"; $$program $(N) || exit 1; done

## lint: layers, tables, man pages, and the program's hardening
lint: all
	$(Q)for script in tests/lint/*.sh; do $$script || exit 1; done

## analyze: gcc's analyzer, cppcheck and clang-tidy, over the tests too; any finding is an error
analyze: packages-analyze
	$(Q)$(MAKE) --no-print-directory VARIANT=analyze CC=gcc analyzed
	$(Q)cppcheck -q --std=c11 --enable=warning,portability --inline-suppr --error-exitcode=1 \
		-I. -D_GNU_SOURCE transports bench tui tests
	$(Q)printf '%s\n' $(ALL_C) | FLAGS='$(subst ',,$(ALL_CPPFLAGS)) -std=gnu17' xargs -n 8 -P 2 \
		sh -c 'clang-tidy --quiet "$$@" -- $$FLAGS' clang-tidy
analyzed: $(call object,$(ALL_C))

SOURCES = $(shell git ls-files '*.c' '*.h')

## format, format-check: apply .clang-format, or say what it would change
format:
	$(Q)clang-format -i $(SOURCES)
format-check:
	$(Q)clang-format --dry-run --Werror $(SOURCES)

## compile_commands.json: for clangd and clang-tidy
compile_commands.json: Makefile
	$(Q)for source in $(TRANSPORTS) $(BENCH_SOURCES) $(TUI) tui/main.c; do \
		printf '{"directory": "%s", "file": "%s", "arguments": ["cc", "-std=gnu17", "-I.", "-D_GNU_SOURCE", "-c", "%s"]}\n' \
			"$(CURDIR)" $$source $$source; done | paste -sd, | sed 's/^/[/; s/$$/]/' > $@

## install, uninstall: into DESTDIR/PREFIX, with the man pages and the pairs
install: all
	install -D -m 755 ipctop $(DESTDIR)$(PREFIX)/bin/ipctop
	install -D -m 644 man/ipctop.1 $(DESTDIR)$(PREFIX)/share/man/man1/ipctop.1
	install -D -m 644 man/ipctop-csv.5 $(DESTDIR)$(PREFIX)/share/man/man5/ipctop-csv.5
	install -D -m 644 man/ipctop-pair.7 $(DESTDIR)$(PREFIX)/share/man/man7/ipctop-pair.7
	$(Q)for file in $(PAIRS); do \
		install -D -m 644 bench/pairs/$$file $(DESTDIR)$(PREFIX)/share/ipctop/pairs/$$file || exit 1; done
uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/ipctop $(DESTDIR)$(PREFIX)/share/man/man1/ipctop.1 \
		$(DESTDIR)$(PREFIX)/share/man/man5/ipctop-csv.5 \
		$(DESTDIR)$(PREFIX)/share/man/man7/ipctop-pair.7
	rm -rf $(DESTDIR)$(PREFIX)/share/ipctop/pairs

## clean: remove everything that was built
clean:
	rm -rf build ipctop compile_commands.json

## help: this list
help:
	@sed -n 's/^## /  /p' Makefile

# Installs only what is not there: nothing happens the second time.
install_missing = missing=; for package in $(1); do \
		dpkg-query -W -f='$${db:Status-Status}' $$package 2>/dev/null | grep -qx installed || \
			missing="$$missing $$package"; done; \
	if [ -n "$$missing" ]; then \
		echo "installing$$missing"; \
		sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
		$$sudo apt-get update -qq && \
		$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing; \
	fi

packages-build:
	@$(call install_missing,$(BUILD_PACKAGES))
packages-test:
	@$(call install_missing,$(TEST_PACKAGES))
packages-memcheck:
	@$(call install_missing,$(MEMCHECK_PACKAGES))
packages-analyze:
	@$(call install_missing,$(ANALYZE_PACKAGES))

-include $(shell find build -name '*.d' 2>/dev/null)
