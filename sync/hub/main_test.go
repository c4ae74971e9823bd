package hub

import (
	"os"
	"testing"

	"tavle/sync/hub/store/pgstore/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }
