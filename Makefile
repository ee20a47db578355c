# Tierbell. `make help` lists the targets.
# One file, no recursion into folders. Each MODE has its own build/$(MODE)/.

MODE ?= release
ifeq ($(origin CC),default)
CC := gcc
endif
ifeq ($(MODE),fuzz)
override CC := clang
endif
WERROR ?= -Werror
CLANG := $(filter clang%,$(notdir $(CC)))
B := build/$(MODE)$(if $(CLANG),$(if $(filter fuzz,$(MODE)),,-clang))
Q := $(if $(V),,@)
JOBS ?= $(shell nproc 2>/dev/null || echo 2)

ifeq ($(filter $(MODE),release debug asan tsan fuzz cover),)
$(error MODE is one of release debug asan tsan fuzz cover, not "$(MODE)")
endif

# ---------------------------------------------------------------- flags

PKGS := libuv jansson hiredis sqlite3 libsodium libcmark
PKGS_FOUND := $(shell pkg-config --exists $(PKGS) 2>/dev/null && echo yes)
PKG_CFLAGS := $(patsubst -I%,-isystem%,$(shell pkg-config --cflags $(PKGS) 2>/dev/null))
LIBS = $(shell pkg-config --libs $(PKGS)) -lwslay -lpthread
LLHTTP_DIR := /usr/share/llhttp
LLHTTP_SRC := $(LLHTTP_DIR)/api.c $(LLHTTP_DIR)/http.c $(LLHTTP_DIR)/llhttp.c
LLHTTP_INC := /usr/share/include/llhttp

WARN := -Wall -Wextra -Wpedantic $(WERROR) -Wshadow -Wconversion -Wsign-conversion \
	-Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wcast-qual -Wcast-align \
	-Wpointer-arith -Wwrite-strings -Wvla -Wundef -Wformat=2 -Wnull-dereference \
	-Wdouble-promotion -Wswitch-enum -Wimplicit-fallthrough -Wno-missing-field-initializers
WARN_gcc := -Wlogical-op -Wduplicated-cond -Wduplicated-branches -Wjump-misses-init -Walloca
WARN_clang := -Wcomma -Wunreachable-code -Wassign-enum

CFLAGS_release := -O2 -g -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection \
	-fcf-protection -fno-strict-overflow -fno-delete-null-pointer-checks -fPIE
LDFLAGS_release := -pie -Wl,-z,relro,-z,now,-z,noexecstack,-z,nodlopen
CFLAGS_debug := -O0 -g3
CFLAGS_asan := -O1 -g3 -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
LDFLAGS_asan := -fsanitize=address,undefined
CFLAGS_tsan := -O1 -g3 -fsanitize=thread
LDFLAGS_tsan := -fsanitize=thread
CFLAGS_fuzz := -O1 -g3 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
LDFLAGS_fuzz := -fsanitize=address,undefined
CFLAGS_cover := -O0 -g3 --coverage
LDFLAGS_cover := --coverage

BASE_CFLAGS := -std=c11 -D_GNU_SOURCE -fno-common -ffile-prefix-map=$(CURDIR)=. -Iinclude -Itests \
	-I$(B)/gen $(PKG_CFLAGS) -isystem $(LLHTTP_INC)
ALL_CFLAGS = $(BASE_CFLAGS) $(WARN) $(if $(CLANG),$(WARN_clang),$(WARN_gcc)) $(CFLAGS_$(MODE)) \
	$(CFLAGS)

# ---------------------------------------------------------------- what there is

# Everything below the command line is one archive, so that tests link what they need.
LIB_SRC := $(sort $(wildcard server/*/*.c))
CMD_SRC := $(sort $(wildcard server/*.c))
LIB_OBJ := $(LIB_SRC:%.c=$(B)/%.o)
CMD_OBJ := $(CMD_SRC:%.c=$(B)/%.o)
LLHTTP_OBJ := $(LLHTTP_SRC:$(LLHTTP_DIR)/%.c=$(B)/llhttp/%.o)
LIB := $(B)/libtierbell.a

TEST_SRC := $(sort $(wildcard tests/unit/test_*.c tests/contract/test_*.c tests/scenario/test_*.c))
UNIT := $(TEST_SRC:%.c=$(B)/%)
SUPPORT_SRC := $(sort $(wildcard tests/support/*.c))
SUPPORT := $(B)/libsupport.a
FUZZ_SRC := $(sort $(wildcard tests/fuzz/fuzz_*.c))
FUZZ := $(FUZZ_SRC:%.c=$(B)/%)

C_FILES = $(shell find server include tests -name '*.[ch]' -not -path '*/node_modules/*' | sort)
NODE_TOOL := node tests/tools

.DELETE_ON_ERROR:
.SECONDARY:
.SUFFIXES:
.PHONY: all run test setup screenshots browsers help clean lib unit unit-build fuzz fuzz-build check layers format \
	format-check tidy cppcheck cover bench packages-there
.DEFAULT_GOAL := all

# The front end: every file under widget/ but what npm brought.
WIDGET_SRC := $(shell find widget -type f -not -path 'widget/node_modules/*' \
	-not -path 'widget/tests/*' 2>/dev/null)
NPM_STAMP := widget/node_modules/.tierbell-lock
ASSETS_OBJ := $(B)/assets/table.o $(B)/assets/bytes.o

# ---------------------------------------------------------------- what people call

all: build/tierbell ## build build/tierbell (MODE=debug|release|asan|tsan|cover, CC=clang, V=1)

# pkg-config's answers above are from before the packages came: hence the second make.
run: ## install what is missing, build, serve the demo (ARGS="--listen 0.0.0.0:8080")
	$(Q)tests/tools/setup.sh run
	$(Q)$(MAKE) --no-print-directory -j$(JOBS) all
	$(Q)exec build/tierbell serve $(ARGS)

test: ## install what is missing, then every check and test (ONLY="unit e2e" for some)
	$(Q)tests/tools/setup.sh test
	$(Q)$(NODE_TOOL)/run.mjs $(ONLY)

setup: ## only install what is missing
	$(Q)tests/tools/setup.sh test

check: ## format, layers, clang-tidy, cppcheck
	$(Q)TIDY_NODES=$(TIDY_NODES) $(NODE_TOOL)/run.mjs format layers tidy cppcheck

layers: ## includes, clocks, banned calls, file sizes
	$(Q)$(NODE_TOOL)/layers.mjs

format: ## clang-format on all C
	$(Q)clang-format -i $(C_FILES)

unit: $(UNIT) ## build and run the C tests of this MODE
	$(Q)for t in $(UNIT); do $$t || exit 1; done

fuzz: ## all fuzz targets, FUZZ_S seconds each (300)
	$(Q)FUZZ_S=$(or $(FUZZ_S),300) $(NODE_TOOL)/run.mjs fuzz

bench: ## against its peers, in one run, as a table (QUICK=1: two minutes)
	$(Q)tests/tools/setup.sh test
	$(Q)$(MAKE) --no-print-directory -j$(JOBS) MODE=release all build/release/load \
		build/release/tests/bench/bench_calendar build/release/tests/bench/bench_triage \
		build/release/tests/bench/crowd
	$(Q)build/release/tests/bench/bench_calendar
	$(Q)build/release/tests/bench/bench_triage
	$(Q)node tests/bench/bench_simulate.mjs
	$(Q)node tests/bench/bench_console.mjs
	$(Q)missed=0; \
	node tests/bench/bench_clocks.mjs $(if $(QUICK),--quick) || missed=1; \
	node tests/bench/bench.mjs $(if $(QUICK),--quick) || missed=1; \
	exit $$missed

browsers: all ## a visitor's and an agent's journeys in Firefox and WebKit; pictures in build/browsers/
	$(Q)tests/tools/setup.sh browsers
	$(Q)node --test tests/browsers/journeys.mjs

screenshots: all ## a picture of every state, light and dark, desktop and phone: build/screenshots/
	$(Q)tests/tools/setup.sh test
	$(Q)node tests/browser/screenshots.mjs $(MODES)

cover: ## line coverage of the C tests, by file (needs gcovr)
	$(Q)$(MAKE) --no-print-directory -j$(JOBS) MODE=cover CC=gcc unit
	$(Q)gcovr --root . --filter server/ build/cover

clean: ## remove build/
	$(Q)rm -rf build

help: ## this list
	$(Q)awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# ---------------------------------------------------------------- building

packages-there:
ifneq ($(PKGS_FOUND),yes)
	@echo 'libraries are missing: run `make setup` first' >&2; exit 1
endif

lib: $(LIB)

build/tierbell: $(B)/tierbell
	$(Q)ln -sfn $(B:build/%=%)/tierbell $@

$(B)/tierbell: $(CMD_OBJ) $(ASSETS_OBJ) $(LIB)
	$(Q)$(CC) $(LDFLAGS_$(MODE)) -o $@ $(CMD_OBJ) $(ASSETS_OBJ) $(LIB) $(LIBS)

# The widget, the console and the demo pages, bundled, compressed, and as objects to link.
# The stamp in node_modules is the lock it was made from: npm runs only when that changed.
$(NPM_STAMP): widget/package-lock.json
	$(Q)cmp -s $< $@ || (cd widget && npm ci --no-audit --no-fund --loglevel=error)
	$(Q)cp $< $@

build/assets/table.c: $(WIDGET_SRC) $(NPM_STAMP)
	$(Q)node widget/build.mjs

$(B)/assets/table.o: build/assets/table.c include/adapter/assets.h Makefile
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(B)/assets/bytes.o: build/assets/table.c Makefile
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -c -o $@ build/assets/bytes.S

$(LIB): $(LIB_OBJ) $(LLHTTP_OBJ)
	$(Q)rm -f $@ && ar rcsD $@ $^

$(B)/%.o: %.c Makefile | packages-there
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# The switchboard's functions travel inside the binary, as the bytes of an array.
$(B)/gen/switchboard.inc: server/adapter/switchboard.lua
	$(Q)mkdir -p $(@D)
	$(Q)od -An -v -tu1 $< | sed 's/  *\([0-9][0-9]*\)/\1,/g' >$@

$(B)/server/adapter/redis_library.o: $(B)/gen/switchboard.inc
build/tidy/server/adapter/redis_library.ok: build/release/gen/switchboard.inc

# And so does the policy that holds when nobody has written another.
$(B)/gen/policy.inc: deploy/policy.json
	$(Q)mkdir -p $(@D)
	$(Q)od -An -v -tu1 $< | sed 's/  *\([0-9][0-9]*\)/\1,/g' >$@

$(B)/server/proto/policy_default.o: $(B)/gen/policy.inc
build/tidy/server/proto/policy_default.ok: build/release/gen/policy.inc

# Not ours: the flags of the compiler, none of our warnings, and the strict parser.
$(B)/llhttp/%.o: $(LLHTTP_DIR)/%.c Makefile
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -w -DLLHTTP_STRICT_MODE=1 -I$(LLHTTP_INC) $(CFLAGS_$(MODE)) -c -o $@ $<

# The zones of the machine stand above the archive; the tests read them too.
$(SUPPORT): $(SUPPORT_SRC:%.c=$(B)/%.o) $(B)/server/zones.o
	$(Q)mkdir -p $(@D) && rm -f $@ && ar rcsD $@ $^

$(B)/tests/%: $(B)/tests/%.o $(SUPPORT) $(LIB)
	$(Q)$(CC) $(LDFLAGS_$(MODE)) -o $@ $< $(SUPPORT) $(LIB) $(LIBS) -lcmocka

$(B)/tests/fuzz/%: $(B)/tests/fuzz/%.o $(SUPPORT) $(LIB)
	$(Q)$(CC) -fsanitize=fuzzer $(LDFLAGS_$(MODE)) -o $@ $< $(SUPPORT) $(LIB) $(LIBS) -lcmocka

# What stands above the archive and has a test of its own.
$(B)/tests/unit/test_config: $(B)/tests/unit/test_config.o $(B)/server/config.o $(SUPPORT) $(LIB)
	$(Q)$(CC) $(LDFLAGS_$(MODE)) -o $@ $(filter %.o,$^) $(SUPPORT) $(LIB) $(LIBS) -lcmocka

unit-build: $(UNIT)
fuzz-build: $(FUZZ)

# The connection code with an echo behind it, for e2e tests and conformance suites.
.PHONY: build/ws-echo
build/ws-echo: $(B)/ws-echo
	$(Q)ln -sfn $(B:build/%=%)/ws-echo $@

$(B)/ws-echo: $(B)/tests/ws_echo.o $(LIB)
	$(Q)$(CC) $(LDFLAGS_$(MODE)) -o $@ $< $(LIB) $(LIBS)

# The load generator of `make bench`.
LOAD_OBJ := $(patsubst %.c,$(B)/%.o,$(sort $(wildcard tests/bench/load/*.c)))

$(B)/load: $(LOAD_OBJ) $(LIB)
	$(Q)$(CC) $(LDFLAGS_$(MODE)) -o $@ $(LOAD_OBJ) $(LIB) $(LIBS)

# ---------------------------------------------------------------- looking at the code

format-check:
	$(Q)clang-format --dry-run -Werror $(C_FILES)

# A stamp a file: clang-tidy is slow and looks again only at what changed.
TIDY := $(patsubst %.c,build/tidy/%.ok,$(LIB_SRC) $(CMD_SRC))
ANALYSIS := tests/tools/analysis
# How many states of a function the analyzer looks at: four fifths of the time go into the last
# three quarters of its own 225,000. `make check` takes them all.
TIDY_NODES ?= 225000
TIDY_FLAGS = -isystem $(ANALYSIS) $(filter-out -I$(B)/gen,$(BASE_CFLAGS)) -Ibuild/release/gen
TIDY_DEPTH = -Xclang -analyzer-config -Xclang max-nodes=$(TIDY_NODES)

tidy: $(TIDY) ## clang-tidy on what changed since the last time

build/tidy/%.ok: %.c .clang-tidy Makefile $(wildcard $(ANALYSIS)/*.h $(ANALYSIS)/sys/*.h) | packages-there
	$(Q)mkdir -p $(@D)
	$(Q)clang -MM -MP -MT $@ -MF $(@:.ok=.d) $(TIDY_FLAGS) $<
	$(Q)clang-tidy --quiet $< -- $(TIDY_FLAGS) $(TIDY_DEPTH) 2>$(@:.ok=.log) || { cat $(@:.ok=.log) >&2; exit 1; }
	$(Q)touch $@

# Not the file that is nothing but the bytes of the default policy: cppcheck takes minutes over a
# list of 200,000 numbers.
cppcheck: ## cppcheck on server/
	$(Q)mkdir -p build/cppcheck
	$(Q)cppcheck -q -j $(JOBS) --cppcheck-build-dir=build/cppcheck --std=c11 \
		--enable=warning,performance,portability,style --inline-suppr --error-exitcode=1 \
		--suppressions-list=tests/tools/cppcheck.suppress \
		-I$(ANALYSIS) -Iinclude -Itests -Ibuild/release/gen \
		$(filter-out server/proto/policy_default.c,$(LIB_SRC)) $(CMD_SRC)

-include $(shell find build -name '*.d' 2>/dev/null)
