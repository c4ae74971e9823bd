# Say "make" to see what there is. Besides Go and make nothing has to be there:
# packaging/need.sh installs what a target needs, and says so.

GO   ?= go
DEMO ?=
LOAD ?=
PKG  ?= ./...
FUZZTIME ?= 30s
KILLS ?= 200
SEEDS ?= 20000
FINGERS ?= 1000000
GALLERY ?= --lang all --theme all --text all

# Which build this is, for trees whose Go does not ask git.
build   := tavle/cmd/internal/build
version ?= $(shell git describe --tags --match 'v*' 2>/dev/null)
commit  ?= $(shell git rev-parse HEAD 2>/dev/null)
date    ?= $(shell TZ=UTC git log -1 --format=%cd --date=format-local:%Y-%m-%dT%H:%M:%SZ 2>/dev/null)
LDFLAGS  = -s -w -X $(build).version=$(version) -X $(build).commit=$(commit) -X $(build).date=$(date)
BUILD    = $(GO) build -trimpath -ldflags '$(LDFLAGS)'
TALLY    = $(GO) run ./packaging/tally $(GO) test -json -timeout 25m
TOOL     = $(GO) tool -modfile=packaging/tools.mod

# at_most is for programs that have to fit on a card and into a small memory.
at_most = @n=$$(stat -c %s $(1)) && test $$n -le $(2) || { echo "$(1): $$n bytes, at most $(2) wanted" >&2; exit 1; }

help: ## lists this
	@sed -nE 's/^([a-z-]+):.*## /\1\t/p' Makefile | expand -t 16

demo: need-go ## shows a living wall on this machine; DEMO="--screens 3" passes flags
	CGO_ENABLED=0 $(GO) build -o out/tavle ./cmd/tavle
	./out/tavle demo $(DEMO)

test: need-test hydra vet ## installs what the tests need, runs them all, ends with counts
	@$(TALLY) $(PKG)

race: need-race hydra ## runs all tests with the race detector, in random order
	@CGO_ENABLED=1 $(TALLY) -race -shuffle=on -timeout 30m $(PKG)

check: test lint build-pi ## runs everything a change must pass

hydra: need-test ## builds the login provider that tests log in at, Ory Hydra; the first time it takes minutes
	@GO='$(GO)' packaging/hydra.sh >/dev/null

vet: need-gpu ## looks for mistakes that compile
	$(GO) vet ./...
	CGO_ENABLED=0 $(GO) vet -tags nogpu ./...
	$(GO) vet -tags vm ./packaging/...
	$(GO) vet -tags 'deb man' ./packaging/deb ./cmd/internal/cli

lint: need-gpu ## looks for more of them; the first time it builds the linter, which takes minutes
	$(TOOL) golangci-lint run

fmt: ## formats every Go file
	$(TOOL) gofumpt -w .

golden: ## rewrites the files that tests compare with; look at the difference
	@found=$$(grep -rl --include='*_test.go' 'flag\.Bool("update"' . | xargs -rn1 dirname | sort -u); \
	if [ -n "$$found" ]; then $(GO) test $$found -update; else echo "no test compares with files it could rewrite"; fi

gallery: ## paints every screen in every size, language, theme and size of letters into out/gallery; GALLERY="--lang da" for less
	CGO_ENABLED=0 $(GO) run ./cmd/tavle gallery -o out/gallery $(GALLERY)

rules: ## writes docs/accessibility.md from the comments above the tests
	$(GO) run ./packaging/rules

pictures: need-test ## paints the pictures of the documents into docs/pictures: those of the wall, listed in packaging/pictures.txt, and of the Manager
	CGO_ENABLED=0 $(GO) build -o out/tavle ./cmd/tavle
	@mkdir -p docs/pictures
	@while read -r name args; do ./out/tavle shot $$args -o docs/pictures/$$name.png || exit 1; done <packaging/pictures.txt
	TAVLE_PICTURES='$(CURDIR)/docs/pictures' $(GO) test -count=1 -run '^TestPicturesOfTheManager$$' ./sync/hub/manager

fuzz: ## fuzzes each target for FUZZTIME (30s)
	@for f in $$(grep -rhoE --include='*_test.go' '^func Fuzz\w+' . -H | sed -E 's/:func /:/' | sort); do \
	  echo "$$f"; $(GO) test -run '^$$' -fuzz "^$${f##*:}$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 100x "$$(dirname "$${f%%:*}")" || exit 1; \
	done

bench: ## measures; PKG=./render/... measures less
	$(GO) test -run '^$$' -bench . -benchmem $(PKG)

bench-wall: need-test ## measures a page of 60 people, laid out, painted and moving, and that a wall at rest costs nothing
	$(GO) test -run '^$$' -bench '^Benchmark(View|Page|Paint|Transition)$$' -benchmem ./player/ui ./render/soft ./render/gpu
	$(GO) test -count=1 -v -run '^TestIdleWallDrawsAndAllocatesNothing$$' ./player

bench-start: need-test ## measures from start to first picture, beside empty programs
	$(GO) test -run '^$$' -bench '^BenchmarkStart$$' -benchtime 9x -timeout 30m ./packaging/e2e

bench-start-vm: need-go ## measures the same without X, in an emulated machine
	packaging/boot/kms-vm -run '^$$' -bench '^BenchmarkStart$$' -benchtime 5x

bench-hub: need-go ## measures a hub with ten thousand screens on loopback, beside the least server there could be; LOAD="-n 2000" passes flags
	CGO_ENABLED=0 $(GO) build -o out/hubload ./packaging/hubload
	@out/hubload $(LOAD)

build: need-gpu build-static ## builds all programs into out/
	CGO_ENABLED=1 $(BUILD) -o out/tavle-player-gpu ./cmd/tavle-player
	$(call at_most,out/tavle-player-gpu,25000000)

build-static: need-go ## builds what needs no C and runs on any Linux of this kind
	CGO_ENABLED=0 $(BUILD) -tags nogpu -o out/ ./cmd/tavle ./cmd/tavle-hub ./cmd/tavle-player
	$(call at_most,out/tavle-player,20000000)

build-pi: need-go ## builds the wall screen for Raspberry Pis, 64 and 32 bits
	CGO_ENABLED=0 GOOS=linux GOARCH=arm64 $(BUILD) -tags nogpu -o out/arm64/ ./cmd/tavle-player
	$(call at_most,out/arm64/tavle-player,20000000)
	CGO_ENABLED=0 GOOS=linux GOARCH=arm GOARM=7 $(BUILD) -tags nogpu -o out/armv7/ ./cmd/tavle-player
	$(call at_most,out/armv7/tavle-player,20000000)

deb: need-test ## builds the Debian packages of all machines into out/deb, twice, and installs and purges them; minutes
	@packaging/deb/build out/deb amd64 arm64 armhf
	$(GO) test -tags deb -count=1 -v -timeout 60m -run '^TestPackages$$' ./packaging/deb

kill: need-test ## cuts a wall's power KILLS (200) times between touch and answer; 3 seconds each
	TAVLE_KILLS=$(KILLS) $(GO) test -count=1 -v -timeout 2h -run '^TestNoConfirmedTouchIsLostOrDoubled$$' ./packaging/e2e

sim: need-go ## simulates SEEDS (20,000) histories of hub, network and screens with every fault; some minutes
	CGO_ENABLED=0 $(GO) build -o out/tavle ./cmd/tavle
	./out/tavle simulate --seeds $(SEEDS)

fingers: need-go ## takes a million random steps with fingers, palms, keys and switches; FINGERS=5000000 for more
	TAVLE_FINGERS=$(FINGERS) CGO_ENABLED=0 $(GO) test -tags nogpu -count=1 -timeout 60m -v -run TestRandomFingersKeepEveryRule ./player/ui

kms-vm: need-go ## boots a machine in an emulator and looks at its glass
	packaging/boot/kms-vm

clean: ## removes what was built
	rm -rf out

need-%:
	@GO='$(GO)' NEED='$(NEED)' packaging/need.sh $*

# Two targets may both want to install.
.NOTPARALLEL:

.PHONY: help demo test race check hydra vet lint fmt golden gallery rules pictures fuzz bench bench-wall bench-start bench-start-vm bench-hub deb build build-static build-pi kill sim fingers kms-vm clean
