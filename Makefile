# Tierbell. `make help` lists the targets.
# One file, no recursion. Objects of each MODE live side by side in build/$(MODE)/.

MODE ?= release
CC ?= gcc
ifeq ($(origin CC),default)
CC := gcc
endif
WERROR ?= -Werror
B := build/$(MODE)$(if $(filter clang%,$(CC)),-clang)
Q := $(if $(V),,@)

PKGS := libuv jansson hiredis sqlite3 libsodium
PKG_CFLAGS := $(patsubst -I%,-isystem%,$(shell pkg-config --cflags $(PKGS) 2>/dev/null))
LIBS = $(shell pkg-config --libs $(PKGS)) -lwslay -lpthread
LLHTTP_DIR := /usr/share/llhttp
LLHTTP_SRC := $(LLHTTP_DIR)/api.c $(LLHTTP_DIR)/http.c $(LLHTTP_DIR)/llhttp.c

WARN := -Wall -Wextra -Wpedantic $(WERROR) -Wshadow -Wconversion -Wsign-conversion \
	-Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wcast-qual -Wcast-align \
	-Wpointer-arith -Wwrite-strings -Wvla -Wundef -Wformat=2 -Wnull-dereference \
	-Wdouble-promotion -Wswitch-enum -Wimplicit-fallthrough -Wno-missing-field-initializers
ifneq ($(filter clang%,$(CC)),)
WARN += -Wcomma -Wunreachable-code -Wassign-enum
else
WARN += -Wlogical-op -Wduplicated-cond -Wduplicated-branches -Wjump-misses-init -Walloca
endif

CFLAGS_release := -O2 -g -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection \
	-fcf-protection -fPIE
LDFLAGS_release := -pie -Wl,-z,relro,-z,now,-z,noexecstack
CFLAGS_debug := -O0 -g3
CFLAGS_asan := -O1 -g3 -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
LDFLAGS_asan := -fsanitize=address,undefined
CFLAGS_tsan := -O1 -g3 -fsanitize=thread
LDFLAGS_tsan := -fsanitize=thread
CFLAGS_fuzz := -O1 -g3 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
LDFLAGS_fuzz := -fsanitize=fuzzer,address,undefined

ALL_CFLAGS := -std=c11 -D_GNU_SOURCE -fno-common -ffile-prefix-map=$(CURDIR)=. -Iinclude \
	-I$(B)/gen $(PKG_CFLAGS) -isystem /usr/share/include/llhttp $(WARN) $(CFLAGS_$(MODE)) $(CFLAGS)

# Everything below the command line is one archive, so that tests link what they need.
LIB_SRC := $(sort $(wildcard server/*/*.c))
CMD_SRC := $(sort $(wildcard server/*.c))
LIB_OBJ := $(LIB_SRC:%.c=$(B)/%.o)
CMD_OBJ := $(CMD_SRC:%.c=$(B)/%.o)
LLHTTP_OBJ := $(LLHTTP_SRC:$(LLHTTP_DIR)/%.c=$(B)/llhttp/%.o)
LIB := $(B)/libtierbell.a

UNIT := $(patsubst tests/%.c,$(B)/tests/%,$(sort $(wildcard tests/unit/test_*.c) \
	$(wildcard tests/contract/test_*.c) $(wildcard tests/scenario/test_*.c)))
SUPPORT_OBJ := $(patsubst %.c,$(B)/%.o,$(sort $(wildcard tests/support/*.c)))

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all clean unit lib
.DEFAULT_GOAL := all

all: build/tierbell
lib: $(LIB)

build/tierbell: $(B)/tierbell
	$(Q)ln -sf $(MODE)$(if $(filter clang%,$(CC)),-clang)/tierbell $@

$(B)/tierbell: $(CMD_OBJ) $(LIB)
	$(Q)$(CC) $(LDFLAGS_$(MODE)) -o $@ $(CMD_OBJ) $(LIB) $(LIBS)

$(LIB): $(LIB_OBJ) $(LLHTTP_OBJ)
	$(Q)rm -f $@ && ar rcs $@ $^

$(B)/%.o: %.c Makefile
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# Not ours: the flags of the compiler, none of our warnings, and the strict parser.
$(B)/llhttp/%.o: $(LLHTTP_DIR)/%.c Makefile
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -w -DLLHTTP_STRICT_MODE=1 -I/usr/share/include/llhttp $(CFLAGS_$(MODE)) -c -o $@ $<

$(B)/tests/%: $(B)/tests/%.o $(SUPPORT_OBJ) $(LIB)
	$(Q)$(CC) $(LDFLAGS_$(MODE)) -o $@ $< $(SUPPORT_OBJ) $(LIB) $(LIBS) -lcmocka

unit: $(UNIT)
	$(Q)for t in $(UNIT); do $$t || exit 1; done

clean:
	$(Q)rm -rf build

-include $(shell find build -name '*.d' 2>/dev/null)
