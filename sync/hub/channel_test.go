package hub

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/wire"
)

func TestScreenGetsItsBoardAndThenChanges(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		s := w.live("scr-1")
		welcome := s.state.welcome
		lease := wire.Lease{IssuedMS: w.hub.now().UnixMilli(), MaskS: 72 * 3600, WipeS: 30 * 24 * 3600}
		require.Equal(t, lease.Signed(w.hub.sign, "scr-1", welcome.Board.ID), welcome.Lease)
		require.Equal(t, "/sync/asset/", welcome.Asset.Base)
		require.Equal(t, welcome.Board.Rev, s.state.at.Rev)
		f := s.facts()
		require.Equal(t, "Måneskinshuset (demo)", f.House.Name["da"])
		require.NotEmpty(t, f.Activities)

		w.alter("r01", func(r *house.Resident) { r.Alias = record.NameOf("Søster"); r.Choices.NameMode = "alias" })
		after := s.facts()
		require.Equal(t, f.At.Rev+1, after.At.Rev, "one change, one revision")
		require.Equal(t, "Søster", after.People[record.PersonID(s.board().PersonKey("r01").ID)].Name.Reveal())
		require.Zero(t, w.hub.Resyncs())
		s.leave()
	})
}

// Two screens of a department share a board; the neighbours' is another one.
func TestScreensWithTheSameContentShareABoard(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		require.Equal(t, w.add("scr-1"), w.add("scr-2"))
		require.NotEqual(t, w.add("scr-1"), w.add("scr-3"))
	})
}

func TestScreenThatComesBackGetsTheDifference(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		s := w.live("scr-1")
		s.leave()
		at := s.state.at
		for _, id := range []house.ID{"r01", "r02", "r04"} {
			w.alter(id, func(r *house.Resident) { r.Choices.Hidden = true })
		}
		s.state.heard = nil
		s.connect()
		require.Equal(t, at.Rev+3, s.facts().At.Rev)
		var deltas int
		for _, m := range s.state.heard {
			switch m := m.(type) {
			case *wire.Delta:
				deltas++
				require.Equal(t, at.Rev, m.From)
				require.True(t, m.Ops[0].Delete && m.Ops[1].Delete && m.Ops[2].Delete, "what is taken away comes first")
			case *wire.Snap:
				t.Error("a whole board")
			}
		}
		require.Equal(t, 1, deltas, "three changes in one frame")

		s.leave()
		s.state.heard = nil
		s.connect()
		for _, m := range s.state.heard {
			_, delta := m.(*wire.Delta)
			require.False(t, delta, "nothing has changed")
		}
		s.leave()
	})
}

// A position that means nothing here, or lies before what is known of
// deletions, gets the whole board.
func TestScreenThatIsLostGetsTheWholeBoard(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		s := w.live("scr-1")
		want := s.state.at
		whole := func(at record.Position) {
			t.Helper()
			s.leave()
			s.state.at, s.state.heard, s.state.rows = at, nil, map[record.Key]string{}
			s.connect()
			require.Equal(t, want, s.facts().At)
		}
		whole(record.Position{Epoch: "00000000000000aa", Rev: 1, Sum: 1})
		whole(record.Position{Epoch: want.Epoch, Rev: want.Rev + 5})
		whole(record.Position{Epoch: want.Epoch, Rev: want.Rev, Sum: want.Sum + 1})

		w.alter("r01", func(r *house.Resident) { r.Choices.Hidden = true })
		synctest.Wait()
		behind := want
		want = s.facts().At
		time.Sleep(40 * 24 * time.Hour) // the deletion is forgotten
		other := w.live("scr-2")        // and the board has rolled on
		want = other.facts().At
		other.leave()
		w.view(func(v store.View) error {
			h, err := v.Head(t.Context(), s.state.welcome.Board.ID)
			require.Greater(t, h.Floor, behind.Rev)
			return err
		})
		whole(behind)
		s.leave()
	})
}

// Issue 2: "Withdrawal": hidden while a screen looks, the row is deleted there
// and the picture is gone from the hub at once, for everybody.
func TestHiddenPersonIsGoneAtOnce(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		one, next := w.live("scr-1"), w.live("scr-3")
		anna := one.facts().People[record.PersonID(one.board().PersonKey("r01").ID)]
		require.NotEmpty(t, anna.Photo)
		require.Contains(t, next.all(), "Anna", "on the shared outing")
		path, token := assetPath+string(anna.Photo), one.state.welcome.Asset.Token
		r := one.get(path, token)
		require.Equal(t, 200, r.StatusCode)
		require.Equal(t, "jpeg of asset:portrait-karen", body(t, r))

		before := one.state.at.Rev
		w.alter("r01", func(r *house.Resident) { r.Choices.Hidden = true })
		require.Equal(t, 404, one.get(path, token).StatusCode)
		require.NotContains(t, one.facts().People, anna.ID)
		require.NotContains(t, one.all(), "Anna")
		require.NotContains(t, next.all(), "Anna", "in the same transaction on every board")
		var del bool
		for _, m := range one.state.heard {
			if d, ok := m.(*wire.Delta); ok && d.From == before {
				for _, op := range d.Ops {
					del = del || op.Delete && op.ID == string(anna.ID)
				}
			}
		}
		require.True(t, del, "a bare key, to be erased")

		w.alter("r01", func(r *house.Resident) { r.Choices.Hidden = false; r.Choices.Photo = false })
		require.Equal(t, 404, one.get(path, token).StatusCode, "shown again, without the photo")
		require.Equal(t, "Anna", one.facts().People[anna.ID].Name.Reveal())
		one.leave()
		next.leave()
	})
}

// V-14, R-IBG-07: with the change in which one of those in a picture does not want
// to be seen in pictures any more, the picture is off every board: its row is sent
// without it, and its bytes are given to nobody, also not where the same picture was
// news. A picture of others stays. With the wish taken back it returns.
func TestPictureIsGoneWithTheFirstNo(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		one := w.live("scr-1")
		album := func() record.Album {
			return one.facts().Albums[record.AlbumID(one.board().RowKey(record.KindAlbum, "al2").ID)]
		}
		photos := album().Photos
		require.Len(t, photos, 1)
		require.Len(t, photos[0].Who, 2, "r05 and r08")
		path, token := assetPath+string(photos[0].Asset), one.state.welcome.Asset.Token
		require.Equal(t, 200, one.get(path, token).StatusCode)
		coast := func() record.News {
			return one.facts().News[record.NewsID(one.board().RowKey(record.KindNews, "n05").ID)]
		}
		require.Len(t, coast().Photos, 3)
		r := one.get(assetPath+string(one.facts().Videos[record.VideoID(one.board().RowKey(record.KindVideo, "vd1").ID)].Film), token)
		require.Equal(t, 200, r.StatusCode)

		w.alter("r08", func(r *house.Resident) { r.Choices.Tagged = false })
		require.Empty(t, album().Photos)
		require.Len(t, coast().Photos, 3, "the same drawing, with r05 alone in it")
		w.alter("r05", func(r *house.Resident) { r.Choices.Tagged = false })
		require.Len(t, coast().Photos, 2)
		require.Equal(t, 404, one.get(path, token).StatusCode)
		w.alter("r05", func(r *house.Resident) { r.Choices.Tagged = true })
		w.alter("r08", func(r *house.Resident) { r.Choices.Tagged = true })
		require.Len(t, album().Photos, 1)
		require.Equal(t, 200, one.get(path, token).StatusCode)
		one.leave()
	})
}

// Issue 2, done when 2 and 4: a touch on one screen is in the store, on the
// other screens, and has one result however often it is sent.
func TestTouchReachesEveryScreenOnce(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		a, b := w.live("scr-1"), w.live("scr-2")
		m := a.touch(1, wire.OpSignUp, film, "r01")
		a.send(wire.Mut{Muts: []wire.Mutation{m}})
		require.Equal(t, wire.Accepted, a.result(1).Outcome)
		require.Equal(t, a.result(1).Rev, b.facts().At.Rev)
		on := func(s *screen) int {
			n := 0
			for _, id := range s.facts().Activities[record.ActivityID(s.board().Key(film).ID)].Who {
				if id == m.Who {
					n++
				}
			}
			return n
		}
		require.Equal(t, 1, on(b))
		a.send(wire.Mut{Muts: []wire.Mutation{m}})
		synctest.Wait()
		require.Equal(t, 1, on(b))
		require.Equal(t, a.state.at, b.facts().At)

		// Not confirmed: told again on every connect, until it is.
		a.leave()
		a.state.results = map[uint64]wire.Result{}
		a.connect()
		require.Equal(t, wire.Accepted, a.result(1).Outcome)
		require.Equal(t, uint64(1), a.state.welcome.LastSeq)
		a.send(wire.Rack{Seq: 1})
		time.Sleep(2 * flushAfter)
		a.leave()
		a.state.results = map[uint64]wire.Result{}
		a.connect()
		synctest.Wait()
		require.Empty(t, a.state.results)

		// A number is missing: the screen starts over.
		a.send(wire.Mut{Muts: []wire.Mutation{a.touch(3, wire.OpCancel, film, "r01")}})
		require.Equal(t, wire.CloseTryLater, a.ended())
		require.Equal(t, 1, on(b))
		b.leave()
	})
}

// R-IBG-27's small sister: what was committed survives the hub.
func TestHubThatComesBackKnowsEverything(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		s := w.live("scr-1")
		s.send(wire.Mut{Muts: []wire.Mutation{s.touch(1, wire.OpSignUp, film, "r01"), s.touch(2, wire.OpSignUp, film, "r04")}})
		s.result(2)
		s.send(wire.Ack{Epoch: s.state.at.Epoch, Rev: s.state.at.Rev})
		synctest.Wait()
		before := s.all()
		at := s.state.at
		w.restart()
		require.Equal(t, wire.CloseRestart, s.ended(), "sent away by the hub that stops")
		bye := s.state.heard[len(s.state.heard)-1].(*wire.Bye)
		require.Equal(t, wire.CloseRestart, bye.Code)

		s.connect()
		require.Equal(t, uint64(2), s.state.welcome.LastSeq)
		require.Equal(t, at, s.facts().At)
		require.Equal(t, before, s.all())
		fresh := w.live("scr-2")
		require.Equal(t, before, fresh.all())
		states, err := w.hub.Screens(t.Context(), byStaff)
		require.NoError(t, err)
		require.Len(t, states, 3)
		require.True(t, states[0].Confirmed())
		require.True(t, states[0].Online)
		require.False(t, states[1].Confirmed(), "it has not said that its glass shows it")
		require.False(t, states[2].Online)
		s.leave()
		fresh.leave()
	})
}

func TestSecondConnectionOfAScreenReplacesTheFirst(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		first, second := w.live("scr-1"), w.live("scr-1")
		require.Equal(t, wire.CloseReplaced, first.ended())
		w.alter("r01", func(r *house.Resident) { r.Choices.Hidden = true })
		require.NotContains(t, second.all(), "Anna")
		second.leave()
	})
}

// R-IBG-38: a revoked screen gets one answer only.
func TestRevokedScreenIsShutOut(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		s := w.live("scr-1")
		anna := s.facts().People[record.PersonID(s.board().PersonKey("r01").ID)]
		token := s.state.welcome.Asset.Token
		require.NoError(t, w.hub.RevokeScreen(t.Context(), byStaff, "scr-1"))
		require.Equal(t, wire.CloseRevoked, s.ended())
		require.Equal(t, 401, s.get(assetPath+string(anna.Photo), token).StatusCode)
		s.state.heard = nil
		s.connect()
		require.Equal(t, wire.CloseRevoked, s.ended())
		require.Empty(t, s.state.heard, "not a row")
		require.Contains(t, w.log.String(), `"msg":"screen refused","reason":"revoked","device":"scr-1"`)
		require.ErrorIs(t, w.hub.RevokeScreen(t.Context(), byStaff, "scr-9"), store.ErrNotFound)

		s.state.heard = nil
		nonce := s.knock()
		s.hello(nonce, func(h *wire.Hello) { h.Store = wire.StoreWiped })
		s.listen()
		require.Equal(t, wire.CloseRevoked, s.ended())
		require.Empty(t, s.state.heard)
		d := w.device("scr-1")
		require.Equal(t, time.Now().UnixMilli(), d.Wiped.UnixMilli())

		w.add("scr-1") // let in again
		require.Zero(t, w.device("scr-1").Wiped)
		s.connect()
		require.NotEmpty(t, s.facts().Activities)
		s.leave()
	})
}

// R-DPA-29, R-IBG-38: unknown screens, wrong keys and proofs for somebody else
// are refused, and every refusal is one line with its class.
func TestStrangersAreRefused(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		for name, edit := range map[string]func(h *wire.Hello, nonce string){
			"unknown screen":    func(h *wire.Hello, nonce string) { h.Device, h.Sig = "scr-9", proof("scr-9", nonce, host, h.Inst) },
			"no signature":      func(h *wire.Hello, _ string) { h.Sig = "" },
			"another's proof":   func(h *wire.Hello, _ string) { h.Device = "scr-2" },
			"another's inst":    func(h *wire.Hello, _ string) { h.Inst = "inst-other" },
			"a very long name":  func(h *wire.Hello, _ string) { h.Device = strings.Repeat("s", 65) },
			"no installation":   func(h *wire.Hello, nonce string) { h.Inst, h.Sig = "", proof("scr-1", nonce, host, "") },
			"a proof from past": func(h *wire.Hello, _ string) { h.Sig = proof("scr-1", "AAAAAAAAAAAAAAAAAAAAAA", host, h.Inst) },
			"another hub's":     func(h *wire.Hello, nonce string) { h.Sig = proof("scr-1", nonce, "evil.test", h.Inst) },
		} {
			s := w.screen("scr-1")
			nonce := s.knock()
			lines := len(w.log.String())
			s.hello(nonce, func(h *wire.Hello) { edit(h, nonce) })
			s.listen()
			require.Equal(t, wire.CloseUnknown, s.ended(), name)
			require.Empty(t, s.state.heard, name)
			synctest.Wait()
			require.Regexp(t, `"screen refused","reason":"(unknown|proof)"`, w.log.String()[lines:], name)
		}
		s := w.screen("scr-1")
		s.hello(s.knock(), func(h *wire.Hello) { h.Schema = [2]int{7, 9} })
		s.listen()
		require.Equal(t, wire.CloseVersion, s.ended())
	})
}

// A hub has several names; a screen proves who it is to the one it dialled, and
// the log says where to look when the hub does not go by that name.
func TestScreenMayDialAnyOfTheHubsNames(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		for _, name := range append(slices.Clone(hosts), "HUB.Test") {
			s := w.screen("scr-1")
			nonce := s.knock()
			s.hello(nonce, func(h *wire.Hello) { h.Sig = proof("scr-1", nonce, name, h.Inst) })
			s.listen()
			require.NotEmpty(t, s.facts().Activities, name)
			s.leave()
		}
		s := w.screen("scr-1")
		nonce := s.knock()
		s.hello(nonce, func(h *wire.Hello) { h.Sig = proof("scr-1", nonce, "192.0.2.8", h.Inst) })
		s.listen()
		require.Equal(t, wire.CloseUnknown, s.ended())
		synctest.Wait()
		require.Contains(t, w.log.String(), `"msg":"screen refused","reason":"proof","hint":"`+badProof+`","device":"scr-1"`)
	})
}

// R-IBG-38: a screen that is moved starts over with its new board.
func TestMovedScreenStartsOver(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		s := w.live("scr-2")
		was := s.state.at.Epoch
		token := s.state.welcome.Asset.Token
		outing := w.live("scr-3").facts().People
		w.change(func(ctx context.Context, e *Edit) error {
			return Alter(ctx, e, "scr-2", func(r *house.Screen) { r.Department = "dep-nabo" })
		})
		require.Equal(t, wire.CloseMoved, s.ended())
		s.connect()
		f := s.facts()
		require.NotEqual(t, was, f.At.Epoch)
		require.Equal(t, "Nabohuset (demo)", f.House.Name["da"])
		require.Empty(t, f.Meals)
		for _, p := range outing {
			if p.Photo != "" {
				require.Equal(t, 401, s.get(assetPath+string(p.Photo), token).StatusCode, "a token is for one board")
				require.Equal(t, 200, s.get(assetPath+string(p.Photo), s.state.welcome.Asset.Token).StatusCode)
			}
		}
		s.leave()
	})
}

// R-IBG-15: switched off, not a byte of the roster stays.
func TestModuleSwitchedOffIsGone(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		s := w.live("scr-1")
		require.NotEmpty(t, s.facts().Shifts)
		w.change(func(ctx context.Context, e *Edit) error {
			return Alter(ctx, e, "dep-maane", func(d *house.Department) { d.Modules = house.DefaultModules })
		})
		require.Equal(t, wire.CloseMoved, s.ended())
		s.connect()
		require.Empty(t, s.facts().Shifts)
		s.leave()
	})
}

// A day of nothing: pings, leases, a fresh proof after twelve hours, no resync.
func TestDayOfSilence(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		s := w.live("scr-1")
		first := s.state.welcome.Asset.Token
		time.Sleep(11 * time.Hour)
		synctest.Wait()
		var leases, times int
		for _, m := range s.state.heard {
			switch m := m.(type) {
			case *wire.LeaseRenewal:
				leases++
				require.NotEqual(t, first, m.Asset.Token)
			case *wire.Time:
				times++
			}
		}
		require.InDelta(t, 11*12, leases, 2)
		require.InDelta(t, 11*3600/25, times, 20)
		require.Equal(t, 401, s.get(assetPath+"sha256-x", first).StatusCode, "an hour is over")
		require.Equal(t, wire.CloseRestart, s.ended(), "to be proved afresh")
		s.connect()
		s.leave()
		require.Zero(t, w.hub.Resyncs())
	})
}
